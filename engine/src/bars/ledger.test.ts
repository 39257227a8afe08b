// The ledger against counting by looking: for every slot and every bucket of the range, is there a candle?

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { random } from '../grid/random.ts';
import { MINUTE_MS, TIMEFRAMES, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { specInput } from '../testing/specs.ts';
import { COLUMNS, type Candles } from './candles.ts';
import { loadRange, timeline } from './timeline.ts';

const START = Date.UTC(2024, 0, 1);
const MINUTES = 700;

interface Damage {
  readonly leading?: number;
  readonly trailing?: number;
  /** Chance of a hole at a candle, and its greatest length. */
  readonly holes?: readonly [number, number];
  readonly duplicates?: number;
  /** Chance of a candle that opens some seconds late. */
  readonly late?: number;
  readonly quiet?: number;
}

/** Minutes with damage of known kinds at random places. */
function damaged(seed: number, damage: Damage): Candles {
  const { leading = 0, trailing = 0, holes: [often, longest] = [0, 0], duplicates = 0, late = 0, quiet = 0 } = damage;
  const next = random(seed);
  const whole = randomCandles(seed, MINUTES, { start: START });
  const rows: number[] = [];
  let hole = 0;
  for (let row = leading; row < MINUTES - trailing; row += 1) {
    if (hole === 0 && next() < often) hole = 1 + Math.floor(next() * longest);
    else if (hole > 0) hole -= 1;
    if (hole > 0) continue;
    rows.push(row);
    while (next() < duplicates) rows.push(row);
  }
  const column = (name: (typeof COLUMNS)[number]): Float64Array => Float64Array.from(rows, (row) => whole[name][row]);
  const [time, open, high, low, close, volume] = COLUMNS.map(column);
  for (let row = 0; row < rows.length; row += 1) {
    if (row > 0 && rows[row] === rows[row - 1]) time[row] = time[row - 1];
    else if (next() < late) time[row] += Math.floor(next() * MINUTE_MS);
    if (next() < quiet) volume[row] = 0;
  }
  return { time, open, high, low, close, volume };
}

function specOf(market_id: number, timeframe: string, [start, end]: readonly [number, number], warmup_bars = 3): Spec {
  const instant = (minute: number): string => new Date(START + minute * MINUTE_MS).toISOString();
  const time_range = { start: instant(start), end: instant(end) };
  return parseSpec(specInput({ time_range, warmup_bars }, { timeframe, instrument_id: { market_id, symbol: 'X' } }));
}

/** Numbers of the ledger by looking at every row for every slot; `used`: the first time that counts. */
function counted(candles: Candles, spec: Spec, used: number) {
  const step = TIMEFRAMES[spec.template.timeframe];
  const target = Math.ceil(Date.parse(spec.time_range.start) / step) * step;
  const end = Math.floor(Date.parse(spec.time_range.end) / step) * step;
  const rows = [...candles.time.keys()].filter((row) => candles.time[row] >= used && candles.time[row] < end);
  // A warm-up that candles do not reach is no gap.
  const start = Math.min(target, Math.floor(candles.time[rows[0]] / step) * step);
  const times = new Set(rows.map((row) => candles.time[row]));
  const kept = [...times].map((time) => rows.findLast((row) => candles.time[row] === time) ?? -1);
  const isEmpty = (from: number, length: number): boolean =>
    ![...times].some((time) => time >= from && time < from + length);
  const slots = Array.from({ length: (end - start) / MINUTE_MS }, (_, at) =>
    isEmpty(start + at * MINUTE_MS, MINUTE_MS),
  );
  const runs = slots
    .map((empty) => (empty ? 'x' : ' '))
    .join('')
    .split(/ +/)
    .filter((run) => run !== '');
  const filled: number[] = [];
  for (let open = target; open < end; open += step) if (!isEmpty(open, step)) filled.push(open);
  const digest = createHash('sha256');
  for (const name of COLUMNS) digest.update(Float64Array.from(kept, (row) => candles[name][row]));
  return {
    base_expected: slots.length,
    base_present: kept.length,
    base_missing: slots.filter((empty) => empty).length,
    base_gaps: runs.length,
    longest_gap_ms: Math.max(0, ...runs.map(({ length }) => length)) * MINUTE_MS,
    duplicates: rows.length - kept.length,
    zero_volume_share: kept.filter((row) => candles.volume[row] === 0).length / kept.length,
    traded: filled.length,
    last_target: new Date((filled.at(-1) ?? NaN) + step).toISOString(),
    digest: digest.digest('hex'),
  };
}

const KINDS: Readonly<Record<string, Damage>> = {
  none: {},
  leading: { leading: 95 },
  trailing: { trailing: 66 },
  inside: { holes: [0.05, 40] },
  duplicate: { duplicates: 0.1 },
  unaligned: { late: 0.5 },
  quiet: { quiet: 0.2 },
  everything: { leading: 70, trailing: 31, holes: [0.03, 50], duplicates: 0.05, late: 0.3, quiet: 0.1 },
};

for (const [kind, damage] of Object.entries(KINDS)) {
  test(`a market that never closes, damage: ${kind}`, () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const candles = damaged(seed, damage);
      const timeframe = ['1m', '5m', '15m', '1h'][seed % 4];
      const spec = specOf(1, timeframe, [250 + seed * 7, 690 - seed]);
      const { ledger, end, first } = timeline(candles, spec, MINUTE_MS);
      const { traded, ...expected } = counted(candles, spec, loadRange(spec).start);
      const { base_interval_ms, bars, target_bars, carried_bars, first_target, ...rest } = ledger;
      assert.deepEqual(rest, expected, `seed ${seed}`);
      assert.deepEqual([base_interval_ms, bars, target_bars], [MINUTE_MS, end, end - first]);
      assert.equal(carried_bars, target_bars - traded);
      assert.ok(Date.parse(first_target) >= Date.parse(spec.time_range.start));
    }
  });
}

test('every kind of damage shows in its own number', () => {
  const ledgerOf = (damage: Damage) => timeline(damaged(1, damage), specOf(1, '15m', [60, 700], 4), MINUTE_MS).ledger;
  const { base_missing, base_gaps, longest_gap_ms, duplicates, zero_volume_share, carried_bars } = ledgerOf({});
  assert.deepEqual(
    [base_missing, base_gaps, longest_gap_ms, duplicates, zero_volume_share, carried_bars],
    [0, 0, 0, 0, 0, 0],
  );
  const warmup = ledgerOf({ leading: 30 });
  assert.deepEqual([warmup.base_missing, warmup.base_gaps, warmup.bars - warmup.target_bars], [0, 0, 2]);
  const leading = ledgerOf({ leading: 90 });
  assert.deepEqual([leading.base_missing, leading.base_gaps, leading.longest_gap_ms], [30, 1, 30 * MINUTE_MS]);
  const trailing = ledgerOf({ trailing: 30 });
  // 700 minutes end in the middle of a bar of 15: its 10 minutes are not asked for.
  assert.deepEqual([trailing.base_missing, trailing.base_gaps, trailing.longest_gap_ms], [20, 1, 20 * MINUTE_MS]);
  assert.ok(ledgerOf({ holes: [0.02, 60] }).carried_bars > 0);
  assert.ok(ledgerOf({ duplicates: 0.1 }).duplicates > 0);
  assert.ok(ledgerOf({ quiet: 0.2 }).zero_volume_share > 0);
});

test('a session market: what its calendar would have to say is null, the rest is counted over the candles used', () => {
  for (let seed = 0; seed < 12; seed += 1) {
    const candles = damaged(seed, { holes: [0.05, 40], duplicates: 0.1, quiet: 0.1, late: 0.2 });
    const spec = specOf(5, ['1m', '5m', '15m'][seed % 3], [300, 690]);
    const { ledger, candles: bars, first } = timeline(candles, spec, MINUTE_MS);
    const expected = counted(candles, spec, bars.time[0]);
    const { base_expected, base_missing, base_gaps, carried_bars, target_bars, longest_gap_ms } = ledger;
    assert.deepEqual([base_expected, base_missing, base_gaps, carried_bars], [null, null, null, 0]);
    assert.deepEqual([target_bars, first], [expected.traded, 3]);
    const step = TIMEFRAMES[spec.template.timeframe];
    const stop = Math.floor(Date.parse(spec.time_range.end) / step) * step;
    const slots = [...candles.time]
      .filter((time) => time >= bars.time[0] && time < stop)
      .map((time) => Math.floor(time / MINUTE_MS));
    const longest = Math.max(...slots.slice(1).map((slot, at) => slot - slots[at] - 1));
    assert.equal(longest_gap_ms, longest * MINUTE_MS);
    for (const name of ['base_present', 'duplicates', 'zero_volume_share', 'last_target', 'digest'] as const)
      assert.equal(ledger[name], expected[name], `${name}, seed ${seed}`);
  }
});
