// The centre of the page: one word, one sentence, one drawing, the checks, the next steps.

import type { Schemas } from '@backtest-jobs/client';
import { lazy, Suspense, useId, type JSX } from 'react';
import { Coming } from '../../parts/Panel.tsx';
import { Sign } from '../../parts/Sign.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import { count } from '../../words/format.ts';
import { LEVELS } from '../../words/verdict.ts';
import { Checks } from './Checks.tsx';
import { pictureOf } from './luck-picture.ts';
import { LuckDrawing } from './LuckDrawing.tsx';
import { nextSteps } from './next.ts';
import { NextSteps } from './NextSteps.tsx';
import { heldReturn } from './told.ts';
import { Winner } from './Winner.tsx';
import { decidedSentence } from './words.ts';

const Numbers = lazy(() => import('../numbers/Numbers.tsx'));

interface VerdictBandProps {
  readonly job: Schemas['JobStatus'];
  readonly verdict: Schemas['Verdict'];
  readonly axes: readonly NamedAxis[];
  readonly row: Schemas['TopVariant'] | undefined;
  readonly isOpen: boolean;
  readonly onNumbers: () => void;
  readonly onSave: () => void;
}

export function VerdictBand({ job, verdict, axes, row, isOpen, onNumbers, onSave }: VerdictBandProps): JSX.Element {
  const id = useId();
  const { head, sign, tone } = LEVELS[verdict.luck];
  const metric = job.primary_metric ?? 'total_return_pct';
  const picture = pictureOf(verdict, metric);
  // A key is longer than the name that takes its place: until axes are read, neither stands there.
  const nameOf = (key: string): string =>
    axes.find((axis) => axis.key === key)?.label ?? (axes.length === 0 ? '' : key);
  const validation = job.validation;
  const context = { verdict, validation, nameOf, picture };
  const steps = nextSteps({
    job_id: job.job_id,
    verdict,
    isHeldOut: validation !== null,
    hasWinner: job.best !== null,
    nameOf,
  });
  return (
    <section
      className={`panel band tone-${tone}`}
      aria-labelledby={`${id}-word`}
      aria-describedby={`${id}-sentence`}
      data-luck={verdict.luck}
    >
      <div className="say">
        <h2 id={`${id}-word`}>
          <Sign name={sign} />
          {head}
        </h2>
        <p className="decided" aria-hidden="true" title={verdict.sentence}>
          {decidedSentence(verdict.sentence)}
        </p>
        <p className="sr" id={`${id}-sentence`}>
          {verdict.sentence}
        </p>
        {picture === null ? <p className="undrawn">No Sharpe ratio to draw.</p> : <LuckDrawing picture={picture} />}
      </div>
      <div className="evidence">
        <Winner job={job} axes={axes} row={row} words={bestOf(verdict.trials)} held={heldReturn(verdict)} />
        {verdict.checks === undefined ? (
          <p className="no-checks">An earlier version judged this: it has the word and the sentence, and no checks.</p>
        ) : (
          <Checks checks={verdict.checks} context={context} />
        )}
      </div>
      <NextSteps steps={steps} isOpen={isOpen} onNumbers={onNumbers} onSave={onSave} />
      <div id="numbers" hidden={!isOpen}>
        {isOpen && (
          <Suspense fallback={<Coming height={400} />}>
            <Numbers job={job} context={context} axes={axes} />
          </Suspense>
        )}
      </div>
    </section>
  );
}

const bestOf = (trials: number): string => (trials === 1 ? 'The one variant' : `The best of ${count(trials)}`);
