// Indicators as cards, their parameters as axes. All of them must agree.

import { useState, type JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';
import { count } from '../../words/format.ts';
import { readAxis } from '../draft/axis-model.ts';
import { at, isObject, textAt, type Plain, type PlainObject } from '../draft/plain.ts';
import type { Catalogue } from '../queries.ts';
import { AxisEditor } from './AxisEditor.tsx';
import { Says } from './fields.tsx';
import { useForm } from './form.ts';
import { familyWords, indicatorName, paramName } from './indicator-words.ts';

type Row = Catalogue[number];

export function Indicators(): JSX.Element {
  const { spec, edit, catalogue } = useForm();
  const grids = at(spec, ['template', 'indicator_grids']);
  const list = Array.isArray(grids) ? (grids as readonly Plain[]) : [];
  const used = new Set(list.map((one) => at(one, ['indicator_id'])));
  const free = catalogue.filter(({ indicator_id }) => !used.has(indicator_id));
  return (
    <div data-path="template.indicator_grids">
      {list.map((grid, position) => (
        <Card key={textAt(grid, ['indicator_id'])} grid={grid} position={position} />
      ))}
      <Says path="template.indicator_grids" />
      <p className="add-line">
        <select
          className="input small"
          aria-label="Add an indicator"
          value=""
          onChange={({ target }) =>
            edit(['template', 'indicator_grids'], [...list, freshGrid(catalogue, target.value)])
          }
        >
          <option value="">Add an indicator</option>
          {familiesOf(free).map(([family, rows]) => (
            <optgroup key={family} label={family}>
              {rows.map(({ indicator_id }) => (
                <option key={indicator_id} value={indicator_id}>
                  {indicatorName(indicator_id)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <span className="ink-3">
          {catalogue.length} to choose from{list.length > 1 ? '; all must agree' : ''}
        </span>
      </p>
    </div>
  );
}

function familiesOf(rows: Catalogue): readonly (readonly [string, Catalogue])[] {
  const groups = Map.groupBy(rows, ({ indicator_id }) => indicator_id.split('.')[0] ?? '');
  return [...groups].map(([family, members]) => [family === 'ma' ? 'averages' : family, members] as const);
}

/** Makes the grid of an indicator that is added: a few values around the default of its first parameter. */
function freshGrid(catalogue: Catalogue, id: string): PlainObject {
  const [first] = catalogue.find(({ indicator_id }) => indicator_id === id)?.params ?? [];
  if (first === undefined) return { indicator_id: id };
  const step =
    first.kind === 'int' ? Math.max(1, Math.round(first.default / 4)) : Number((first.default / 4).toPrecision(2));
  const start = Math.max(first.min, first.default - 2 * step);
  const stop_incl = Math.min(first.max, first.default + 4 * step);
  return {
    indicator_id: id,
    params: { [first.name]: step > 0 ? { mode: 'range', start, stop_incl, step } : first.default },
  };
}

function Card({ grid, position }: { readonly grid: Plain; readonly position: number }): JSX.Element {
  const { catalogue, spec, edit } = useForm();
  const id = textAt(grid, ['indicator_id']);
  const row = catalogue.find(({ indicator_id, aliases }) => indicator_id === id || aliases.includes(id));
  const own = ['template', 'indicator_grids', position];
  const signals = at(spec, ['template', 'signal_grids', id]);
  const path = `template.indicator_grids[${position}]`;
  const [isWhole, setWhole] = useState(false);
  const remove = (): void => {
    edit(own, undefined);
    edit(['template', 'signal_grids', id], undefined);
  };
  return (
    <section className="card" aria-label={indicatorName(id)} data-path={path}>
      <header>
        <b>{indicatorName(id)}</b>
        <code className="ink-3">{id}</code>
        <span className="grow" />
        {row && <span className="ink-2 what">{familyWords(ruleOf(row, signals)?.family ?? '')}</span>}
        <button type="button" className="btn quiet small" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'less' : 'more'}
        </button>
        <button
          type="button"
          className="btn quiet small icon"
          aria-label={`Remove ${indicatorName(id)}`}
          onClick={remove}
        >
          <Sign name="bin" />
        </button>
      </header>
      <Says path={path} />
      {row?.params.map((param) => (
        <AxisEditor
          key={param.name}
          path={[...own, 'params', param.name]}
          label={paramName(param.name)}
          hint={`${count(param.min)} to ${count(param.max)}`}
          fallback={param.default}
        />
      ))}
      {row?.source && (isWhole || !isDefault(at(grid, ['source']), row.source.default)) && (
        <AxisEditor path={[...own, 'source']} label="of" fallback={row.source.default} words={row.source.values} />
      )}
      {row && <SignalAxes row={row} id={id} signals={signals} isWhole={isWhole} />}
    </section>
  );
}

/** Signal parameters that are shown only where they are more than their default. */
const PLAIN = ['inverted', 'rule'];

/** Tests whether an axis is left out, or is the default alone. */
function isDefault(value: Plain | undefined, fallback: Plain | undefined): boolean {
  if (value === undefined) return true;
  const model = readAxis(value);
  return model.kind === 'list' && model.values.length === 1 && model.values[0] === fallback;
}

/** Returns the rule by which an indicator makes its signal; the first where several are tried. */
function ruleOf(row: Row, signals: Plain | undefined): Row['rules'][number] | undefined {
  const named = at(signals, ['rule']) ?? at(signals, ['rule', 'values', 0]);
  const first = isObject(named) ? at(named, ['values', 0]) : named;
  return row.rules.find(({ name }) => name === first) ?? row.rules[0];
}

/** What decides between long and short: marks, and the rule where the indicator has several. */
function SignalAxes({
  row,
  id,
  signals,
  isWhole,
}: {
  readonly row: Row;
  readonly id: string;
  readonly signals: Plain | undefined;
  readonly isWhole: boolean;
}): JSX.Element {
  const rule = ruleOf(row, signals);
  const isShown = (name: string): boolean =>
    isWhole || PLAIN.every((one) => one !== name)
      ? name === 'rule' || (rule?.params.includes(name) ?? false) || at(signals, [name]) !== undefined
      : !isDefault(at(signals, [name]), row.signal_params.find((param) => param.name === name)?.default);
  return (
    <>
      {row.signal_params
        .filter(({ name }) => isShown(name))
        .map((param) => (
          <AxisEditor
            key={param.name}
            path={['template', 'signal_grids', id, param.name]}
            label={param.name === 'rule' ? 'signal' : paramName(param.name)}
            fallback={param.default}
            {...(param.kind === 'choice'
              ? { words: param.values }
              : { hint: `${count(param.min)} to ${count(param.max)}` })}
          />
        ))}
    </>
  );
}
