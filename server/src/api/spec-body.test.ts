import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, parseSpec, parseStrategy, SpecError } from '@backtest-jobs/engine';
import { z } from 'zod';
import { specBody } from '../../test/api.ts';
import { SpecBody } from './spec-body.ts';

// Bodies that have every field of the schema between them.
const everything = specBody(
  {
    warmup_bars: 10,
    preselect: 100,
    top_trades_n: 1,
    ranking: { primary_metric: 'total_return_pct', secondary_metric: 'max_drawdown_pct' },
    filters: { min_trades: 5, max_drawdown_pct: 50 },
    sample: { n: 3, seed: 1 },
    validation: { mode: 'holdout', fraction: 0.2 },
    luck: { permutations: 19, variants: 3, blocks: 5 },
    name: 'all fields',
    priority: 1,
  },
  {
    indicator_grids: [
      {
        indicator_id: 'ma.sma',
        source: 'hl2',
        params: { window: { mode: 'range', start: 10, stop_incl: 20, step: 5 } },
      },
    ],
    signal_grids: { 'ma.sma': { inverted: 1 } },
    direction_mode: 'long-only',
    sizing_mode: 'percent_of_equity',
    execution: {
      init_cash_quote: 1,
      fee_pct: 0,
      slippage_pct: 0,
      fixed_quote: 1,
      equity_percent: 50,
      safe_profit_percent: 10,
      fill: 'next_open',
    },
    risk_grid: {
      sl_enabled: true,
      sl: { mode: 'explicit', values: ['off', 1] },
      tp_enabled: true,
      tp_pct: 3,
      trail: { mode: 'range', start: 0.5, stop_incl: 2, step: 0.5 },
      max_bars: { mode: 'explicit', values: ['off', 20] },
      trigger: 'intrabar',
    },
  },
);
const byRules = {
  ...specBody({
    ranking: { plateau: 2 },
    luck: { permutations: 0, walk: true, skipped: 'too_much_work' },
    validation: { mode: 'walk_forward', folds: 2, train_fraction: 0.5 },
  }),
  template: {
    instrument_id: { market_id: 5, symbol: 'SP500' },
    timeframe: '1d',
    rules: {
      long: 'close > sma(close, n)',
      short: 'close < sma(close, n)',
      exit_long: 'close < open',
      exit_short: 'close > open',
    },
    params: { n: { mode: 'explicit', values: [5, 10] } },
    constraints: ['n > 2'],
    risk_grid: { sl_pct: 2, tp: { mode: 'explicit', values: [3] } },
  },
};
const { template, ...request } = everything;
const { instrument_id, timeframe, indicator_grids, ...overrides } = template;
const strategy = parseStrategy({ name: 'n', template: { instrument_id, timeframe, indicator_grids } });
const bySaved = { ...request, strategy_id: '01890a5d-ac96-774b-bcce-b302099a8057', overrides };
const otherStops = { ...bySaved, overrides: { risk_grid: byRules.template.risk_grid } };
const BODIES: readonly object[] = [specBody(), everything, byRules, bySaved, otherStops];

const accepted = (body: unknown) => parseSpec(body, DEFAULTS, strategy);

test('every body that it describes passes the gate, its own examples first', () => {
  const examples = z.array(z.record(z.string(), z.unknown())).parse(SpecBody.meta()?.['examples']);
  assert.ok(examples.length > 0);
  for (const body of [...examples, ...BODIES]) {
    accepted(body);
    assert.deepEqual(SpecBody.parse(body), body);
  }
});

type Path = readonly (string | number)[];

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

interface Place {
  readonly path: Path;
  /** Schema of the value at the path; of a union, the branch that fits it. */
  readonly schema: Schema;
  readonly value: unknown;
}

/** Rules that both sides have for a place, in the words of the gate. */
interface Facts {
  readonly fields?: readonly string[];
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  readonly whole?: true;
}

const { $defs: DEFINITIONS = {}, ...ROOT } = z.toJSONSchema(SpecBody, { io: 'input' }) as Schema;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits({ type = [], properties }: Schema, value: unknown): boolean {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (!isObject(value)) return [type].flat().some((name) => name.replace('integer', 'number') === kind);
  const mode = properties?.['mode']?.const;
  return type === 'object' && (mode === undefined || mode === value['mode']);
}

function branchesOf(schema: Schema): readonly Schema[] {
  const { anyOf, ...node } = DEFINITIONS[schema.$ref?.replace('#/$defs/', '') ?? ''] ?? schema;
  return anyOf?.flatMap(branchesOf) ?? [node];
}

/**
 * Finds each place of a body with its schema. Single values of an axis have none: their rule is that of a parameter.
 */
function* placesOf(schema: Schema, value: unknown, path: Path = []): Generator<Place> {
  if ((schema.$ref === '#/$defs/Axis' || schema.$ref === '#/$defs/RiskAxis') && !isObject(value)) return;
  const branches = branchesOf(schema);
  const branch = branches.find((one) => fits(one, value)) ?? assert.fail(`no schema for ${path.join('.')}`);
  yield { path, schema: branch, value };
  const modes = branches.flatMap((one) => one.properties?.['mode']?.const ?? []);
  if (modes.length > 0) yield { path: [...path, 'mode'], schema: { enum: modes }, value: null };
  if (Array.isArray(value) && path.at(-1) !== 'values') {
    for (const [at, one] of value.entries()) yield* placesOf(branch.items ?? {}, one, [...path, at]);
  }
  for (const [name, one] of Object.entries(isObject(value) ? value : {})) {
    const member = branch.properties?.[name] ?? (branch.additionalProperties || assert.fail(`no schema for ${name}`));
    if (member.const === undefined) yield* placesOf(member, one, [...path, name]);
  }
}

function described({ schema }: Place): Facts {
  const { properties, additionalProperties, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const own = (bound: number | undefined): number | undefined =>
    Number.isSafeInteger(Math.abs(bound ?? 0) + 1) ? bound : undefined;
  return facts({
    fields: additionalProperties === false ? Object.keys(properties ?? {}).sort() : undefined,
    choices: schema.enum,
    // An integer is bound by 2^53 - 1 where nothing else bounds it.
    min: own(minimum),
    max: own(maximum),
    above: exclusiveMinimum,
    below: exclusiveMaximum,
    whole: schema.type === 'integer' ? true : undefined,
  });
}

/** Learns the rules of the gate for a place from what it complains about. */
function judged(body: object, { path, value }: Place): Facts {
  const unknown = 'q'.repeat(20);
  if (isObject(value)) {
    const message = complaint(replaced(body, [...path, unknown], 1), [...path, unknown]);
    return facts({ fields: listIn(message, /^unknown field; known are (.*)$/)?.toSorted() });
  }
  const messages = [unknown, 1e300, -1e300, 0.5].map((wrong) => complaint(replaced(body, path, wrong), path));
  const bounds = messages.flatMap((message) => [...message.matchAll(/(at least|above|at most|below) (-?[\d.]+)/g)]);
  const bound = (words: string): number | undefined => {
    const found = bounds.find(([, name]) => name === words);
    return found && Number(found[2]);
  };
  return facts({
    choices: listIn(messages[0], /^(?:must be one of|there is no timeframe .* known are) (.*?)(?:, got .*)?$/),
    min: bound('at least'),
    max: bound('at most'),
    above: bound('above'),
    below: bound('below'),
    whole: messages.includes('must be a whole number, got 0.5') ? true : undefined,
  });
}

function facts(all: { readonly [Name in keyof Facts]?: Facts[Name] | undefined }): Facts {
  return Object.fromEntries(Object.entries(all).filter(([, fact]) => fact !== undefined));
}

function listIn(message = '', pattern: RegExp): readonly string[] | undefined {
  return pattern.exec(message)?.[1]?.split(', ');
}

/** Returns what the gate finds wrong with a place of a body; empty: nothing. */
function complaint(body: unknown, path: Path): string {
  const place = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);
  try {
    accepted(body);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.find((problem) => problem.path === place)?.message ?? '';
  }
  return '';
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === key ? replaced(one, rest, by) : one));
  return isObject(value) ? { ...value, [key]: replaced(value[key], rest, by) } : value;
}

test('every name, choice and bound in it is that of the gate, and none is missing', () => {
  const seen = new Map<object, Set<string>>();
  for (const body of BODIES) {
    for (const place of placesOf(ROOT, body)) {
      assert.deepEqual(described(place), judged(body, place), place.path.join('.'));
      const { properties = null } = place.schema;
      if (properties === null || !isObject(place.value)) continue;
      seen.set(properties, new Set([...(seen.get(properties) ?? []), ...Object.keys(place.value)]));
    }
  }
  for (const [properties, names] of seen) {
    assert.deepEqual([...names].sort(), Object.keys(properties).sort(), 'the bodies have each field between them');
  }
});

test('it states no default: the configuration decides most of them, and an override has none', () => {
  assert.doesNotMatch(JSON.stringify(ROOT) + JSON.stringify(DEFINITIONS), /"default":/);
});
