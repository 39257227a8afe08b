// The draft of a job: one spec as YAML and JSON have it, which the form edits and the YAML view shows. What a way of
// writing the strategy does not use is shelved, and is there again when one returns to it.

import { at, isObject, put, type Plain, type PlainObject } from './plain.ts';

export const MODES = ['indicators', 'rules', 'saved'] as const;
export type Mode = (typeof MODES)[number];

/** The job that a draft was made from. */
export interface Origin {
  readonly job_id: string;
  readonly name: string;
  /** Variants that it has scored; null: it is not told. */
  readonly trials: number | null;
  /** What was changed of it, as in "narrowed around its plateau"; empty: nothing. */
  readonly how: string;
  /** Whether its spec is complete as the job has it: what was found by `auto` stands in it as numbers. */
  readonly isExact: boolean;
}

export interface Draft {
  readonly spec: PlainObject;
  readonly shelf: Readonly<Partial<Record<Mode | 'trading', PlainObject>>>;
  readonly origin: Origin | null;
}

/** Members of a template by the way of writing that they belong to. */
const PARTS = {
  indicators: ['indicator_grids', 'signal_grids'],
  rules: ['rules', 'params', 'constraints'],
} as const;

export function modeOf(spec: PlainObject): Mode {
  if (isGiven(spec['strategy_id'])) return 'saved';
  return isGiven(at(spec, ['template', 'rules'])) ? 'rules' : 'indicators';
}

/** Makes a draft of a spec, whichever order its members have; `runtime` is the server's. */
export function draftOf(spec: PlainObject, origin: Origin | null = null): Draft {
  const { runtime: _, ...request } = spec;
  return { spec: inOrder(request), shelf: {}, origin };
}

/** Returns the spec that a draft asks for: what YAML shows and the API gets. */
export function specOf({ spec }: Draft): PlainObject {
  return spec;
}

/** Replaces the spec by what somebody wrote as a whole; what is shelved stays. */
export function withSpec(draft: Draft, spec: PlainObject): Draft {
  return { ...draft, spec };
}

/** Changes one field. A clone whose work changes gets an automatic warm-up and luck test again. */
export function edit(draft: Draft, path: readonly (string | number)[], next: Plain | undefined): Draft {
  const spec = put(draft.spec, path, next);
  const isWork = path[0] !== 'name' && path[0] !== 'warmup_bars' && path[0] !== 'luck' && path[0] !== 'priority';
  if (draft.origin?.isExact !== true || !isWork) return { ...draft, spec };
  return { ...draft, spec: loosened(spec), origin: { ...draft.origin, isExact: false } };
}

/** Returns a spec without the numbers that `auto` found for another grid. */
export function loosened(spec: PlainObject): PlainObject {
  const { warmup_bars: _, ...rest } = spec;
  const permutations = at(rest, ['luck', 'permutations']);
  if (permutations === undefined) return rest;
  const { luck: __, ...automatic } = rest;
  const isChoice = at(rest, ['luck', 'skipped']) === undefined && permutations === 0;
  return isChoice ? { ...automatic, luck: 'off' } : automatic;
}

/** Goes to another way of writing the strategy. `fresh` has the members of one that was never used. */
export function switchMode(draft: Draft, mode: Mode, fresh: Readonly<Record<Mode, PlainObject>>): Draft {
  const now = modeOf(draft.spec);
  if (mode === now) return draft;
  const { template, strategy_id, overrides, ...rest } = draft.spec;
  const { own, trading } = split(template, now);
  const saved: PlainObject = { ...(strategy_id !== undefined && { strategy_id }), ...(overrides && { overrides }) };
  const shelf = {
    ...draft.shelf,
    [now]: now === 'saved' ? saved : own,
    ...(now !== 'saved' && { trading }),
  };
  const taken = shelf[mode] ?? fresh[mode];
  const spec = mode === 'saved' ? { ...rest, ...taken } : { ...rest, template: { ...shelf.trading, ...taken } };
  return { ...draft, shelf, spec: inOrder(spec) };
}

function split(template: Plain | undefined, mode: Mode): { own: PlainObject; trading: PlainObject } {
  const members = Object.entries(isObject(template) ? template : {});
  const names: readonly string[] = mode === 'saved' ? [] : PARTS[mode];
  const pick = (isOwn: boolean): PlainObject =>
    Object.fromEntries(members.filter(([name]) => names.includes(name) === isOwn));
  return { own: pick(true), trading: pick(false) };
}

/** Returns where the form edits how signals are traded: in the template, or laid over a saved strategy. */
export function tradingRoot(spec: PlainObject): 'template' | 'overrides' {
  return modeOf(spec) === 'saved' ? 'overrides' : 'template';
}

/** Order in which somebody reads a spec. */
const ORDER = [
  'name',
  'time_range',
  'strategy_id',
  'overrides',
  'template',
  'instrument_id',
  'timeframe',
  'indicator_grids',
  'indicator_id',
  'source',
  'signal_grids',
  'rules',
  'long',
  'short',
  'exit_long',
  'exit_short',
  'params',
  'constraints',
  'direction_mode',
  'sizing_mode',
  'execution',
  'risk_grid',
  'sl',
  'tp',
  'trail',
  'max_bars',
  'trigger',
  'mode',
  'start',
  'stop_incl',
  'end',
  'step',
  'values',
  'market_id',
  'symbol',
  'ranking',
  'filters',
];
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((name, rank) => [name, rank]));
/** Names without a rank come last, in the order that they have. */
const rankOf = (name: string): number => RANKS.get(name) ?? ORDER.length;
/** Objects whose members are named by users, in an order of theirs. */
const NAMED = new Set(['params', 'signal_grids']);

/** Returns a spec with its members as somebody would write them. */
export function inOrder(spec: PlainObject): PlainObject {
  return ordered(spec, '') as PlainObject;
}

function ordered(value: Plain, name: string): Plain {
  if (Array.isArray(value)) return (value as readonly Plain[]).map((one) => ordered(one, name));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, one]) => [key, ordered(one, key)] as const);
  return Object.fromEntries(NAMED.has(name) ? members : members.sort(([a], [b]) => rankOf(a) - rankOf(b)));
}

function isGiven(value: Plain | undefined): boolean {
  return value !== undefined && value !== null;
}
