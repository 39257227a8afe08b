// Years there are against years that so many variants need, and what would bring them together.

import { useEffect, useState, type JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';
import { count, decimal } from '../../words/format.ts';
import { edit as editDraft } from '../draft/draft.ts';
import { at, put, type PlainObject } from '../draft/plain.ts';
import { axisName, thinningKey, twoDigits, type Thinning } from '../draft/thin.ts';
import { ask } from '../engine/engine.ts';
import type { Counts } from '../engine/judge.ts';
import { useForm } from '../form/form.ts';

export function Belief({ counts }: { readonly counts: Counts }): JSX.Element {
  const { trials, years, neededYears, carried } = counts;
  const isEnough = years >= neededYears;
  const most = Math.max(years, neededYears) * 1.15 || 1;
  const [there, needed] = [Math.min(98, (100 * years) / most), Math.min(98, (100 * neededYears) / most)];
  return (
    <div className="belief" data-enough={isEnough}>
      <h2>
        <Sign name={isEnough ? 'tick' : 'bang'} />
        {isEnough ? 'History enough for so many' : 'More variants than this history carries'}
      </h2>
      <svg className="years" width="100%" height="52" aria-hidden="true">
        <line className="rail" x1="0" x2="100%" y1="26" y2="26" />
        <line className="reach" x1="0" x2={`${there}%`} y1="26" y2="26" />
        <line className="mark" x1={`${needed}%`} x2={`${needed}%`} y1="18" y2="34" />
        <circle cx={`${there}%`} cy="26" r="5" />
        <text x={`${needed}%`} y="11" textAnchor={anchorAt(needed)}>
          {decimal(neededYears, 1)} years needed
        </text>
        <text className="own" x={`${there}%`} y="49" textAnchor={anchorAt(there)}>
          {decimal(years, 1)} years there
        </text>
      </svg>
      <p>
        <span className="sr">{`${decimal(years, 1)} years there, ${decimal(neededYears, 1)} needed. `}</span>
        {isEnough ? (
          `The best of ${count(trials)} is not expected to reach a Sharpe ratio of 1 by luck alone.`
        ) : (
          <>
            Below {decimal(neededYears, 1)} years, the best of so many reaches a Sharpe ratio of 1 by luck alone.{' '}
            {decimal(years, years < 9.5 ? 1 : 0)} years carry about <b className="num">{count(twoDigits(carried))}</b>.
          </>
        )}
      </p>
      {!isEnough && <Thinnings counts={counts} />}
    </div>
  );
}

const anchorAt = (place: number): 'start' | 'middle' | 'end' => (place > 82 ? 'end' : place < 14 ? 'start' : 'middle');

/** Coarser steps, each with the number of variants that it leads to. */
function Thinnings({ counts }: { readonly counts: Counts }): JSX.Element {
  const { spec, change } = useForm();
  const all = useThinnings(counts);
  return (
    <p className="thin">
      {all.map((thinning) => (
        <button
          key={thinningKey(thinning)}
          type="button"
          className="btn small"
          onClick={() => change((draft) => editDraft(draft, [], thinned(draft.spec, thinning)))}
        >
          {thinningText(spec, thinning)}
          <span className="num ink-3">{count(thinning.trials)}</span>
        </button>
      ))}
    </p>
  );
}

/** Milliseconds after which suggestions are looked for: they take longer than the verdict of the engine. */
const CALM_MS = 400;

function useThinnings({ carried }: Counts): readonly Thinning[] {
  const { spec, judgement, rules } = useForm();
  const [found, setFound] = useState<{ readonly of: PlainObject; readonly all: readonly Thinning[] } | null>(null);
  const isSound = judgement?.kind === 'sound';
  useEffect(() => {
    if (rules === null || !isSound) return undefined;
    let isCurrent = true;
    const take = (all: readonly Thinning[]): void => {
      if (isCurrent) setFound({ of: spec, all });
    };
    const timer = setTimeout(() => void ask('thin', { input: spec, carried, rules }).then(take, () => {}), CALM_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [spec, carried, rules, isSound]);
  return found?.all ?? [];
}

function thinned(spec: PlainObject, { paths, steps }: Thinning): PlainObject {
  return paths.reduce((one, path, position) => put(one, [...path, 'step'], steps[position]), spec);
}

function thinningText(spec: PlainObject, { paths, steps }: Thinning): string {
  const [path, ...others] = paths;
  if (path === undefined) return '';
  if (others.length === 0) return `${axisName(spec, path)} in steps of ${steps[0]}`;
  const before = at(spec, [...path, 'step']);
  const factor = typeof before === 'number' ? Math.round((steps[0] ?? 0) / before) : 0;
  return `All in steps ${factor} times as large`;
}
