// What a command is: what it takes, what its help says, what it does. Reading the command line is the same for all of
// them and knows no command; whatever is wrong there is a UsageError, which the dispatcher ends with exit code 2.

import { parseArgs } from 'node:util';
import { nearest } from '@backtest-jobs/engine/internal';
import { parseTime } from '../candles/files/time.ts';

/** How a user of a checkout calls us; messages that say what to do next begin with it. */
export const INVOCATION = 'npm run -s backtest --';

/** The command line, a file named on it or an environment variable is not right: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Option {
  readonly about: string;
  /** What the value is called in the help; an option without it is a switch. */
  readonly value?: string;
}

export type Options = Readonly<Record<string, Option>>;

export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { readonly value: string } ? string | undefined : boolean;
};

export interface Command<O extends Options = Options, T extends readonly string[] = readonly string[]> {
  readonly name: string;
  readonly about: string;
  /** Names of the arguments, in order; one that ends with ? may be left out, and is '' then. */
  readonly takes: T;
  readonly options: O;
  readonly examples: readonly string[];
  /** Facts the help should add, as finished lines. */
  readonly notes?: readonly string[];
  /** Answers with the exit code. */
  readonly run: (values: Values<O>, taken: { readonly [K in keyof T]: string }) => Promise<number>;
}

/** A command that forgot the types of its own options, so that all of them fit in one table. */
export interface AnyCommand extends Omit<Command, 'run'> {
  readonly start: (argv: readonly string[]) => Promise<number>;
}

export function command<const O extends Options, const T extends readonly string[]>(spec: Command<O, T>): AnyCommand {
  const { run, ...rest } = spec;
  return {
    ...rest,
    start: (argv) => {
      const { values, taken } = read(argv, rest);
      return run(values as Values<O>, taken as { readonly [K in keyof T]: string });
    },
  };
}

type Shape = Pick<Command, 'name' | 'takes' | 'options'>;

/** Splits the words after the command's name into option values and arguments; throws UsageError. */
export function read(argv: readonly string[], shape: Shape): { values: Record<string, unknown>; taken: string[] } {
  const types = Object.entries(shape.options).map(([name, { value }]): [string, { type: 'string' | 'boolean' }] => {
    return [name, { type: value === undefined ? 'boolean' : 'string' }];
  });
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, unknown> = {};
  for (const [name, { value }] of Object.entries(shape.options)) values[name] = value === undefined ? false : undefined;
  const taken: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') taken.push(token.value);
    if (token.kind === 'option') values[token.name] = valueOf(token, shape);
  }
  const { takes } = shape;
  const lacking = takes.slice(taken.length).filter((name) => !name.endsWith('?'));
  if (lacking.length > 0) throw new UsageError(`${shape.name} needs ${lacking.join(' and ')}`);
  if (taken.length > takes.length) throw new UsageError(`${shape.name} does not take "${taken[takes.length]}"`);
  return { values, taken: takes.map((_, i) => taken[i] ?? '') };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function valueOf({ name, rawName, value, inlineValue }: OptionToken, { options }: Shape): string | true {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const known = Object.keys(options);
    const near = nearest(name, known);
    const hint =
      near === undefined ? `there are ${known.map((one) => `--${one}`).join(', ')}` : `did you mean --${near}?`;
    throw new UsageError(`unknown option ${rawName}, ${known.length === 0 ? 'there are none' : hint}`);
  }
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return true;
  }
  // Without an equals sign a word that begins with a dash is the next option; a lone dash means stdin.
  const missing = value === undefined || (inlineValue !== true && value.startsWith('-') && value !== '-');
  if (missing || value === '') throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}`);
  return value;
}

/** The value of an option as a whole number within bounds. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
  const bound = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`${option} must be a whole number ${bound}, not "${text}"`);
}

/** The value of an option as epoch milliseconds. */
export function instant(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (Number.isNaN(time))
    throw new UsageError(`${option} must be a date or an instant like 2024-01-31T00:00:00Z, not "${text}"`);
  return time;
}

/** As usage lines write it. */
function argumentOf(name: string): string {
  return name.endsWith('?') ? `[${name.slice(0, -1)}]` : name;
}

/** The help of one command. */
export function helpOf({ name, about, takes, options, examples, notes }: AnyCommand): string {
  const all: Options = { ...options, help: { about: 'this text' } };
  const rows = Object.entries(all).map(([option, { value, about: text }]) => {
    return [value === undefined ? `--${option}` : `--${option} ${value}`, text] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    `backtest ${[name, ...takes.map(argumentOf), '[options]'].join(' ')}`,
    '',
    about,
    '',
    'Options',
    ...rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`),
    '',
    ...(notes === undefined ? [] : [...notes, '']),
    'Examples',
    ...examples.map((example) => `  ${INVOCATION} ${example}`),
    '',
  ].join('\n');
}
