// One parameter and the values to try: from, to, step, or a list of chips; the count stands behind it.

import { useId, useState, type JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';
import { axisValue, count } from '../../words/format.ts';
import {
  canBeList,
  lengthOf,
  readAxis,
  toList,
  toRange,
  withoutValue,
  withValues,
  writeAxis,
  type AxisModel,
} from '../draft/axis-model.ts';
import { textOf, type Path, type Plain } from '../draft/plain.ts';
import { Says, ValueInput } from './fields.tsx';
import { useField } from './form.ts';

interface AxisEditorProps {
  readonly path: Path;
  readonly label: string;
  readonly unit?: string;
  /** Bounds, as "2 to 2,000". */
  readonly hint?: string;
  /** What is tried where the spec names nothing. */
  readonly fallback?: Plain;
  /** Words that may be values. */
  readonly words?: readonly string[];
  readonly onRemove?: () => void;
}

export function AxisEditor({
  path,
  label,
  unit = '',
  hint = '',
  fallback,
  words,
  onRemove,
}: AxisEditorProps): JSX.Element {
  const id = useId();
  const { value, set, aria, path: text } = useField(path);
  const model = readAxis(value ?? fallback);
  const length = lengthOf(model);
  const change = (next: AxisModel): void =>
    set(next.kind === 'list' && next.values.length === 0 ? undefined : writeAxis(next));
  const other = model.kind === 'range' ? toList(model) : toRange(model);
  const canTurn = words === undefined && (model.kind === 'list' || canBeList(model));
  return (
    <div className="axis" role="group" aria-labelledby={id} data-path={text} data-axis={text}>
      <span id={id} className="name">
        {label}
      </span>
      {model.kind === 'range' ? (
        <RangeFields {...{ model, label, aria }} onChange={change} />
      ) : (
        <Chips {...{ model, label, unit, words, aria }} onChange={change} />
      )}
      <span className="turn">
        {canTurn && (
          <button
            type="button"
            className="btn quiet small"
            onClick={() => change(other)}
            aria-label={`${label} as ${model.kind === 'range' ? 'a list of values' : 'a range'}`}
          >
            {model.kind === 'range' ? 'list' : 'range'}
          </button>
        )}
        {onRemove && (
          <button type="button" className="btn quiet small icon" aria-label={`Remove ${label}`} onClick={onRemove}>
            <Sign name="bin" />
          </button>
        )}
      </span>
      <output className="count num">
        {length === null ? '–' : `${count(length)} ${length === 1 ? 'value' : 'values'}`}
      </output>
      <span className="hint num">{hint}</span>
      <Says path={text} />
    </div>
  );
}

interface PartProps<M> {
  readonly model: M;
  readonly label: string;
  readonly aria: object;
  readonly onChange: (model: AxisModel) => void;
}

type RangeModel = Extract<AxisModel, { readonly kind: 'range' }>;
type ListModel = Extract<AxisModel, { readonly kind: 'list' }>;

function RangeFields({ model, label, aria, onChange }: PartProps<RangeModel>): JSX.Element {
  const part = (name: 'start' | 'stop_incl' | 'step', words: string): JSX.Element => (
    <ValueInput
      value={model[name]}
      label={`${label} ${words}`}
      width={60}
      aria={aria}
      onChange={(value) => onChange({ ...model, [name]: value })}
    />
  );
  return (
    <span className="range">
      {part('start', 'from')}
      <em>to</em>
      {part('stop_incl', 'to')}
      <em>step</em>
      {part('step', 'step')}
    </span>
  );
}

interface ChipsProps extends PartProps<ListModel> {
  readonly unit: string;
  readonly words: readonly string[] | undefined;
}

function Chips({ model, label, unit, words, aria, onChange }: ChipsProps): JSX.Element {
  const { values } = model;
  return (
    <span className="values">
      {values.map((value) => (
        <span key={textOf(value)} className="chip num">
          {typeof value === 'number' ? `${axisValue(value)}${unit}` : textOf(value)}
          {values.length > 1 && (
            <button
              type="button"
              aria-label={`Leave out ${textOf(value)} of ${label}`}
              onClick={() => onChange(withoutValue(model, value))}
            >
              ×
            </button>
          )}
        </span>
      ))}
      {words === undefined ? (
        <AddValue label={label} aria={aria} onAdd={(text) => onChange(withValues(model, text))} />
      ) : (
        <AddWord
          {...{ label, values, words }}
          onAdd={(word) => onChange({ kind: 'list', values: [...values, word] })}
        />
      )}
    </span>
  );
}

function AddValue({
  label,
  aria,
  onAdd,
}: {
  readonly label: string;
  readonly aria: object;
  readonly onAdd: (text: string) => void;
}): JSX.Element {
  const [text, setText] = useState('');
  const add = (): void => {
    if (text.trim() === '') return;
    onAdd(text);
    setText('');
  };
  return (
    <input
      {...aria}
      className="input add-value num"
      aria-label={`Add a value of ${label}`}
      placeholder="add"
      autoComplete="off"
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        add();
      }}
    />
  );
}

interface AddWordProps {
  readonly label: string;
  readonly values: readonly Plain[];
  readonly words: readonly string[];
  readonly onAdd: (word: string) => void;
}

function AddWord({ label, values, words, onAdd }: AddWordProps): JSX.Element | null {
  const left = words.filter((word) => !values.includes(word));
  if (left.length === 0) return null;
  return (
    <select
      className="input add-value"
      aria-label={`Add a value of ${label}`}
      value=""
      onChange={({ target }) => onAdd(target.value)}
    >
      <option value="">add</option>
      {left.map((word) => (
        <option key={word} value={word}>
          {word}
        </option>
      ))}
    </select>
  );
}
