// Single fields: a label, a control, and below it what the engine says of it.

import { useId, useState, type JSX, type ReactNode } from 'react';
import { Segments } from '../../parts/Segments.tsx';
import { readValue } from '../draft/axis-model.ts';
import { pathText, type Path, type Plain } from '../draft/plain.ts';
import { saysId, useField, useForm } from './form.ts';

/** Says what is wrong with a field. */
export function Says({ path }: { readonly path: string }): JSX.Element | null {
  const problems = useForm().problems.get(path) ?? [];
  if (problems.length === 0) return null;
  return (
    <ul className="says" id={saysId(path)}>
      {problems.slice(0, 5).map((problem) => (
        <li key={`${problem.path} ${problem.message}`}>{worded(problem.message, problem.path, path)}</li>
      ))}
      {problems.length > 5 && <li>and {problems.length - 5} more</li>}
    </ul>
  );
}

/** Names the part of a field that a message is about: "step: must be above 0". */
function worded(message: string, path: string, field: string): string {
  const rest = path.slice(field.length).replace(/^\./, '');
  return rest === '' ? message : `${rest}: ${message}`;
}

interface RowProps {
  readonly label: string;
  readonly htmlFor?: string;
  /** Paths whose problems stand below. */
  readonly paths?: readonly string[];
  readonly children: ReactNode;
}

/** A line of the form: what it is at the left, what it is set to at the right. */
export function Row({ label, htmlFor, paths = [], children }: RowProps): JSX.Element {
  const id = useId();
  return (
    <div
      className="field"
      role={htmlFor === undefined ? 'group' : undefined}
      aria-labelledby={htmlFor === undefined ? id : undefined}
    >
      {htmlFor === undefined ? (
        <span id={id} className="name">
          {label}
        </span>
      ) : (
        <label className="name" htmlFor={htmlFor}>
          {label}
        </label>
      )}
      <div className="line">{children}</div>
      {paths.map((path) => (
        <Says key={path} path={path} />
      ))}
    </div>
  );
}

/** Writes a value as an input has it. */
const shown = (value: Plain | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

interface InputProps {
  readonly path: Path;
  readonly label: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly width?: number;
  readonly unit?: string;
}

/** A number; other text stays as it is typed, and the engine says what is wrong. Empty: the default. */
export function NumberInput({ path, label, id, placeholder = '', width = 64, unit }: InputProps): JSX.Element {
  const { value, set, aria, path: text } = useField(path);
  return (
    <span className="unit" data-path={text}>
      <ValueInput {...{ id, value, label, placeholder, width }} onChange={set} aria={aria} />
      {unit !== undefined && <em>{unit}</em>}
    </span>
  );
}

interface ValueInputProps {
  readonly value: Plain | undefined;
  readonly onChange: (value: Plain | undefined) => void;
  readonly label: string;
  readonly id?: string | undefined;
  readonly placeholder?: string;
  readonly width?: number;
  readonly aria?: object;
}

/** An input that keeps what is typed as long as it means the value. */
export function ValueInput({
  value,
  onChange,
  label,
  id,
  placeholder,
  width = 64,
  aria,
}: ValueInputProps): JSX.Element {
  const [typed, setTyped] = useState('');
  const text = Object.is(readValue(typed), value ?? undefined) ? typed : shown(value);
  return (
    <input
      {...(id !== undefined && { id })}
      {...aria}
      className="input num"
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      placeholder={placeholder}
      style={{ width }}
      value={text}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(readValue(target.value));
      }}
    />
  );
}

interface ChoiceProps<T extends string> {
  readonly path: Path;
  readonly label: string;
  readonly fallback: T;
  readonly options: readonly (readonly [T, ReactNode])[];
}

/** One of a few words, side by side. */
export function Choice<T extends string>({ path, label, fallback, options }: ChoiceProps<T>): JSX.Element {
  const { value, set } = useField(path);
  const chosen = options.find(([one]) => one === value)?.[0] ?? fallback;
  return (
    <span data-path={pathText(path)}>
      <Segments small label={label} value={chosen} options={options} onChange={set} />
    </span>
  );
}

interface SelectProps {
  readonly path: Path;
  readonly label: string;
  readonly id?: string;
  readonly fallback: string;
  readonly options: readonly (readonly [string, string])[];
  /** Value that is left out of the spec. */
  readonly none?: string;
}

export function Select({ path, label, id, fallback, options, none }: SelectProps): JSX.Element {
  const { value, set, aria, path: text } = useField(path);
  return (
    <select
      {...(id !== undefined && { id })}
      {...aria}
      className="input"
      aria-label={label}
      data-path={text}
      value={typeof value === 'string' ? value : fallback}
      onChange={({ target }) => set(target.value === none ? undefined : target.value)}
    >
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}
