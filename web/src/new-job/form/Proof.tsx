// What is best, and how it is to be proved.

import { useId, type JSX } from 'react';
import { Segments } from '../../parts/Segments.tsx';
import { metricWords } from '../../words/metrics.ts';
import { at, type Plain } from '../draft/plain.ts';
import { NumberInput, Row, Select, ValueInput } from './fields.tsx';
import { useField, useForm } from './form.ts';

export function Proof(): JSX.Element {
  return (
    <fieldset>
      <legend>Ranking and proof</legend>
      <RankedBy />
      <Kept />
      <Unseen />
      <LuckTest />
      <Sample />
      <Row label="Warm-up" paths={['warmup_bars']}>
        <WarmUp />
      </Row>
    </fieldset>
  );
}

function RankedBy(): JSX.Element {
  const id = useId();
  const { runtime, sound, spec } = useForm();
  const metrics = runtime.metrics.map(({ name }) => [name, metricWords(name).long.split(':')[0] ?? name] as const);
  const hasPlateau = typeof at(spec, ['ranking', 'plateau']) === 'number';
  return (
    <>
      <Row
        label="Best by"
        htmlFor={id}
        paths={[
          'ranking.primary_metric',
          'ranking.secondary_metric',
          'ranking.plateau',
          'filters.min_trades',
          'filters.max_drawdown_pct',
        ]}
      >
        <Select
          id={id}
          path={['ranking', 'primary_metric']}
          label="Best by"
          fallback={sound?.ranking.primary_metric ?? runtime.defaults.ranking.primary_metric}
          options={metrics}
        />
        {!hasPlateau && (
          <>
            <em>then by</em>
            <Select
              path={['ranking', 'secondary_metric']}
              label="Then by"
              fallback={sound?.ranking.secondary_metric ?? ''}
              none=""
              options={[['', 'nothing'], ...metrics]}
            />
          </>
        )}
        <em>mean over</em>
        <NumberInput
          path={['ranking', 'plateau']}
          label="Steps around each variant whose mean ranks"
          unit="steps around"
          width={44}
          placeholder="0"
        />
      </Row>
      <Row label="Only with" paths={[]}>
        <NumberInput
          path={['filters', 'min_trades']}
          label="Least number of trades"
          unit="trades or more"
          width={56}
          placeholder="any"
        />
        <NumberInput
          path={['filters', 'max_drawdown_pct']}
          label="Largest drawdown in percent"
          unit="% drawdown or less"
          width={56}
          placeholder="any"
        />
      </Row>
    </>
  );
}

function Kept(): JSX.Element {
  const { runtime } = useForm();
  const { preselect, top_k } = runtime.defaults;
  return (
    <Row label="Kept" paths={['preselect', 'top_k']}>
      <NumberInput
        path={['preselect']}
        label="Variants that go on to the stops"
        unit="go on to the stops"
        width={76}
        placeholder={String(preselect)}
      />
      <NumberInput
        path={['top_k']}
        label="Variants that are reported"
        unit="are reported"
        width={64}
        placeholder={String(top_k)}
      />
    </Row>
  );
}

const MODES = [
  ['none', 'None'],
  ['holdout', 'Hold out'],
  ['walk_forward', 'Walk forward'],
] as const;
type Validation = (typeof MODES)[number][0];

function Unseen(): JSX.Element {
  const { value, set } = useField(['validation']);
  const mode = MODES.find(([one]) => one === at(value, ['mode']))?.[0] ?? 'none';
  const choose = (next: Validation): void => {
    if (next === 'none') set(undefined);
    else set(next === 'holdout' ? { mode: next, fraction: 0.3 } : { mode: next, folds: 5, train_fraction: 0.6 });
  };
  return (
    <Row label="Unseen data" paths={['validation']}>
      <span data-path="validation">
        <Segments small label="Unseen data" value={mode} options={MODES} onChange={choose} />
      </span>
      {mode === 'none' && <em>the verdict will say so</em>}
      {mode === 'holdout' && <Share name="fraction" label="Percent held out" unit="% at the end" />}
      {mode === 'walk_forward' && (
        <>
          <NumberInput path={['validation', 'folds']} label="Folds" unit="folds, each searched on" width={44} />
          <Share name="train_fraction" label="Percent of a fold that is searched" unit="%" />
        </>
      )}
    </Row>
  );
}

const scaled = (one: Plain | undefined, factor: number): Plain | undefined =>
  typeof one === 'number' ? Number((one * factor).toPrecision(12)) : one;

/** A share that people say in percent. */
function Share({
  name,
  label,
  unit,
}: {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
}): JSX.Element {
  const { value, set, aria } = useField(['validation', name]);
  return (
    <span className="unit">
      <ValueInput
        value={scaled(value, 100)}
        label={label}
        width={48}
        aria={aria}
        onChange={(next) => set(scaled(next, 0.01))}
      />
      <em>{unit}</em>
    </span>
  );
}

const LUCK = [
  ['auto', 'Automatic'],
  ['off', 'Off'],
  ['own', 'Own numbers'],
] as const;

/** The same search on markets in random order: how good the best of luck is. */
function LuckTest(): JSX.Element {
  const { value, set } = useField(['luck']);
  const { sound } = useForm();
  const isOff = value === 'off' || value === null || value === 0;
  const kind = value === undefined || value === 'auto' ? 'auto' : isOff ? 'off' : 'own';
  const found = sound?.luck;
  const choose = (next: (typeof LUCK)[number][0]): void => {
    if (next === 'auto') set(undefined);
    else set(next === 'off' ? 'off' : { permutations: found?.permutations || 99 });
  };
  return (
    <Row label="Luck test" paths={['luck']}>
      <span data-path="luck">
        <Segments small label="Luck test" value={kind} options={LUCK} onChange={choose} />
      </span>
      {kind === 'auto' && found && <em>{luckWords(found)}</em>}
      {kind === 'off' && <em>the verdict goes by statistics alone</em>}
      {kind === 'own' && typeof value === 'object' && (
        <>
          <NumberInput
            path={['luck', 'permutations']}
            label="Permuted markets"
            unit="markets"
            width={60}
            placeholder="auto"
          />
          <NumberInput
            path={['luck', 'variants']}
            label="Variants of each"
            unit="variants of each"
            width={76}
            placeholder="auto"
          />
          <NumberInput
            path={['luck', 'blocks']}
            label="Bars that stay together"
            unit="bars together"
            width={56}
            placeholder="1"
          />
        </>
      )}
    </Row>
  );
}

function luckWords({
  permutations,
  variants,
  skipped,
}: {
  readonly permutations: number;
  readonly variants: number;
  readonly skipped?: string;
}): string {
  if (permutations > 0) return `${permutations} markets, ${variants.toLocaleString('en')} variants of each`;
  return skipped === undefined ? 'none' : 'none: it would take too much work';
}

function Sample(): JSX.Element {
  const { value, set } = useField(['sample']);
  const isDrawn = typeof value === 'object' && value !== null;
  return (
    <Row label="Variants" paths={['sample']}>
      <span data-path="sample">
        <Segments
          small
          label="Variants"
          value={isDrawn ? 'some' : 'all'}
          options={[
            ['all', 'All of the grid'],
            ['some', 'A sample'],
          ]}
          onChange={(next) => set(next === 'all' ? undefined : { n: 1000, seed: 1 })}
        />
      </span>
      {isDrawn && (
        <>
          <NumberInput path={['sample', 'n']} label="Variants that are drawn" unit="drawn by seed" width={84} />
          <NumberInput path={['sample', 'seed']} label="Seed" width={56} placeholder="0" />
        </>
      )}
    </Row>
  );
}

function WarmUp(): JSX.Element {
  const { sound } = useForm();
  const found = sound?.warmup_bars;
  return (
    <NumberInput
      path={['warmup_bars']}
      label="Bars before the range"
      unit="bars before the range"
      width={96}
      placeholder={found === undefined ? 'auto' : `auto: ${found}`}
    />
  );
}
