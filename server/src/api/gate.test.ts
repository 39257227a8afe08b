import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, SpecError } from '@backtest-jobs/engine';
import { GATE, SOURCE, specBody } from '../../test/api.ts';
import { servingSeries } from '../candles/source.ts';
import { defaultsOf, parseConfig } from '../config/config.ts';
import { acceptSpec } from './gate.ts';
import { contextOf } from './job/top-variants.ts';

const at = (start: string, end: string) => specBody({ time_range: { start, end } });

async function problems(body: unknown, source = SOURCE) {
  const error = await acceptSpec(body, { ...GATE, source }).then(
    () => null,
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof SpecError, String(error));
  return error.problems;
}

test('a good spec comes back with every default filled in', async () => {
  const { spec } = await acceptSpec(specBody(), GATE);
  assert.equal(spec.warmup_bars, DEFAULTS.warmup_bars);
  assert.equal(spec.template.execution.fee_pct, DEFAULTS.fee_pct_by_market['5']);
});

test('an instrument without candles: the known ones are named', async () => {
  const [problem, ...more] = await problems(specBody({}, { instrument_id: { market_id: 5, symbol: 'NASDAQ' } }));
  assert.deepEqual(more, []);
  assert.equal(problem?.path, 'template.instrument_id');
  assert.equal(problem.message, 'there are no candles of 5:NASDAQ; known are 5:SP500, 1:BTCUSDT');
});

test('the gate refuses what the reading would refuse, in the same words', async () => {
  const stored = await SOURCE.coverage();
  const time_range = { start: '2001-01-01T00:00:00Z', end: '2002-01-01T00:00:00Z' };
  const cases = [
    { instrument_id: { market_id: 5, symbol: 'NASDAQ' }, timeframe: '1d' },
    { instrument_id: { market_id: 5, symbol: 'SP500' }, timeframe: '1h' },
    { instrument_id: { market_id: 1, symbol: 'BTCUSDT' }, timeframe: '1h' },
  ] as const;
  for (const { instrument_id, timeframe } of cases) {
    const wanted = { start: Date.parse(time_range.start), end: Date.parse(time_range.end), timeframe };
    const atGate = await problems(specBody({ time_range }, { instrument_id, timeframe }));
    assert.throws(() => servingSeries(stored, instrument_id, wanted), { name: 'SpecError', problems: atGate });
  }
});

test('an empty candle store says how to fill it', async () => {
  const [problem] = await problems(specBody(), { ...SOURCE, coverage: async () => [] });
  assert.match(problem?.message ?? '', /import/);
});

test('a range without candles: the range there is is named', async () => {
  const time_range = { start: '2030-01-01T00:00:00Z', end: '2031-01-01T00:00:00Z' };
  const [problem, ...more] = await problems(specBody({ time_range }));
  assert.deepEqual(more, []);
  assert.equal(problem?.path, 'time_range');
  assert.match(problem.message, /2030-01-01.*1d candles from 2000-01-03T00:00:00.000Z to 2020-04-18T00:00:00.000Z/);
});

test('the range is half-open at both ends of what there is', async () => {
  const before = at('1999-01-01T00:00:00Z', '2000-01-03T00:00:00Z');
  const after = at('2020-04-18T00:00:00Z', '2021-01-01T00:00:00Z');
  assert.equal((await problems(before))[0]?.path, 'time_range');
  assert.equal((await problems(after))[0]?.path, 'time_range');
  await acceptSpec(at('2020-04-17T00:00:00Z', '2021-01-01T00:00:00Z'), GATE);
});

test('a timeframe below the candles there are', async () => {
  const [problem, ...more] = await problems(specBody({}, { timeframe: '1h' }));
  assert.deepEqual(more, []);
  assert.equal(problem?.path, 'template.timeframe');
  assert.match(problem.message, /5:SP500: 1d/);
});

test('faults of the spec and of the candles come in one answer, sorted by path', async () => {
  const time_range = { start: '2030-01-01T00:00:00Z', end: '2031-01-01T00:00:00Z' };
  const found = await problems(specBody({ time_range, top_k: 0, nonsense: 1 }, { timeframe: '1h' }));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['nonsense', 'template.timeframe', 'time_range', 'top_k'],
  );
});

test('a field that is wrong in itself is not judged by the candles as well', async () => {
  const found = await problems(specBody({ time_range: { start: 'soon', end: '2031-01-01T00:00:00Z' } }));
  assert.deepEqual(
    found.map(({ path }) => path),
    ['time_range.start'],
  );
});

test('a body that is no spec at all', async () => {
  for (const body of [undefined, null, [], 'spec', 7]) assert.equal((await problems(body)).length, 1, String(body));
  assert.ok((await problems({})).length >= 2);
});

test('a candle store that cannot be read is not the fault of the spec', async () => {
  const source = { ...SOURCE, coverage: () => Promise.reject(new Error('disk on fire')) };
  await assert.rejects(acceptSpec(specBody(), { ...GATE, source }), { code: 'service_unavailable' });
});

test('the day of a market goes into the request, with the offsets of its zone around the bars, and to its readers', async () => {
  const market = 'name: x, calendar: session, periods_per_year: 252, day_begins: "17:00", zone: America/New_York';
  const fees = 'fee_pct_default_by_market_id: { 5: 0 }';
  const yaml = `version: 1\nbacktest: { markets: { 5: { ${market} } }, execution: { ${fees} } }`;
  const defaults = defaultsOf(parseConfig(yaml));
  const { spec } = await acceptSpec(specBody({ warmup_bars: 20 }), { ...GATE, defaults });
  const { offsets = [], ...day } = spec.runtime.day ?? {};
  assert.deepEqual(day, { begins: '17:00', zone: 'America/New_York' });
  // Two a year from 2001 on, and those around the warm-up.
  assert.equal(offsets.length, 9 * 2 + 1);
  assert.equal(offsets[0]?.from, '2000-10-29T06:00:00.000Z');
  assert.deepEqual(contextOf(spec).day, day);
  const { spec: ofUtc } = await acceptSpec(specBody(), GATE);
  assert.equal(contextOf(ofUtc).day, null);
});
