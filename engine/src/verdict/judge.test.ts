import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { canonicalJson } from '../identity/canonical.ts';
import { search, type SearchResult } from '../search.ts';
import { metricNumber } from '../simulate/metrics-json.ts';
import { DAY_MS, type Spec } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { variantReport } from '../variant-report.ts';
import { momentsOf } from './moments.ts';
import { overfitting } from './overfitting.ts';
import { deflatedSharpe, luckySharpe, minimumBacktestYears, probabilisticSharpe } from './sharpe.ts';
import type { Verdict } from './verdict.ts';

const START = Date.UTC(2020, 0, 1);
const CANDLES = randomCandles(4, 700, { start: START, stepMs: DAY_MS, volatility: 0.02 });

const range = (start: number, stop_incl: number, step = 1): object => ({ mode: 'range', start, stop_incl, step });
const some = (...values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

/** Rules over days, from the hundredth on. */
function specOf(template: object, changes: object = {}, days = 700): Spec {
  return parseSpec({
    time_range: {
      start: new Date(START + 100 * DAY_MS).toISOString(),
      end: new Date(START + days * DAY_MS).toISOString(),
    },
    warmup_bars: 60,
    top_k: 20,
    ...changes,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1d',
      rules: { long: 'close > sma(close, n)' },
      params: { n: range(2, 31) },
      direction_mode: 'long-only',
      ...template,
    },
  });
}

async function resultOf(spec: Spec, candles: Candles = CANDLES): Promise<SearchResult> {
  for await (const { result } of search(candles, spec)) if (result !== null) return result;
  throw new Error('no result');
}

async function verdictOf(spec: Spec, candles?: Candles): Promise<Verdict> {
  return (await resultOf(spec, candles)).verdict;
}

const SL = { risk_grid: { sl: some('off', 2, 5) } };

describe('the numbers', () => {
  test('are those that reports of the same variants give', async () => {
    const spec = specOf(SL);
    const { rows, verdict, counts } = await resultOf(spec);
    const returnsOf = (variant_index: number): Float64Array => {
      const { equity } = variantReport(CANDLES, spec, { variant_index }).series;
      return equity.map((value, day) => value / (equity[day - 1] ?? 10_000) - 1);
    };
    const kept = rows.map(({ variant_index }) => variant_index);
    const bases = Array.from({ length: 30 }, (_, base) => 3 * base).filter((index) => !kept.includes(index));
    const trials = [...kept, ...bases].sort((a, b) => a - b).map(returnsOf);
    assert.deepEqual(verdict.compared, { kept: 20, drawn: bases.length });
    assert.equal(verdict.trials, 90); // 30 of them without stops, which both stages score
    assert.equal(counts.stage_a.scored + counts.stage_b.scored, 30 + 90);
    const best = momentsOf(returnsOf(kept[0]));
    const ratios = Float64Array.from(trials, (returns) => momentsOf(returns).sharpe);
    const variance = momentsOf(ratios).deviation ** 2;
    assert.deepEqual(
      [verdict.days, verdict.years, verdict.periods_per_year, verdict.sharpe_daily, verdict.skewness, verdict.kurtosis],
      [600, 600 / 365, 365, best.sharpe, best.skewness, best.kurtosis],
    );
    assert.equal(verdict.sharpe_variance_daily, variance);
    assert.equal(verdict.probabilistic_sharpe, probabilisticSharpe(best));
    assert.equal(verdict.deflated_sharpe, deflatedSharpe(best, 90, verdict.sharpe_variance_daily));
    assert.equal(verdict.lucky_sharpe_annual, luckySharpe(90, verdict.sharpe_variance_daily) * Math.sqrt(365));
    assert.equal(verdict.minimum_backtest_years, minimumBacktestYears(90));
    assert.equal(verdict.overfitting_probability, overfitting(trials).probability);
    assert.deepEqual(verdict.reasons, {});
    assert.equal(verdict.sharpe_annual, metricNumber(rows[0].metrics.sharpe));
  });

  test('stand on 300 of the kept variants and 700 drawn by the request, not by its name', async () => {
    const template = {
      params: { n: range(2, 41), m: range(1, 30) },
      rules: { long: 'close > sma(close, n) and close > close[m]' },
    };
    const changes = { top_k: 310, preselect: 310 };
    const verdict = await verdictOf(specOf(template, changes));
    assert.equal(verdict.compared.kept, 300);
    assert.ok(verdict.compared.drawn > 400 && verdict.compared.drawn < 700); // without those among the 300
    assert.deepEqual(await verdictOf(specOf(template, { ...changes, name: 'other', priority: 3 })), verdict);
    const other = await verdictOf(specOf(template, { ...changes, warmup_bars: 61 })); // the same trades, another request
    assert.equal(other.sharpe_daily, verdict.sharpe_daily);
    assert.notEqual(other.sharpe_variance_daily, verdict.sharpe_variance_daily);
  });

  test('say what is typical of the grid by all that were drawn, those among the kept ones too', async () => {
    for (const changes of [{}, { top_k: 20 }]) {
      const { rows, verdict } = await resultOf(specOf({}, { top_k: 300, ...changes }));
      const all = (await resultOf(specOf({}, { top_k: 300 }))).rows;
      const scores = all.map((row) => row.total_return_pct).sort((a, b) => a - b);
      const peak = verdict.flags.isolated_peak ?? assert.fail(verdict.reasons.isolated_peak);
      assert.equal(scores.length, 30);
      assert.equal(peak.typical, (scores[14] + scores[15]) / 2);
      assert.equal(peak.score, rows[0].total_return_pct);
    }
  });

  test('count and draw from a sample only what it holds', async () => {
    const verdict = await verdictOf(specOf({}, { sample: { n: 9, seed: 2 }, top_k: 3 }));
    assert.equal(verdict.trials, 9);
    assert.deepEqual(verdict.compared, { kept: 3, drawn: 6 });
  });

  test('are finite, or null with a reason, for every spec', async () => {
    const candles = randomCandles(8, 400, { stepMs: 3_600_000, volatility: 0.012 });
    const seen = new Set<string>();
    for (let seed = 0; seed < 150; seed += 1) {
      const spec = randomSpec(random(seed), 400);
      const { rows, verdict, counts } = await resultOf(spec, candles);
      canonicalJson(verdict); // which takes finite numbers only
      const nulls = Object.entries({ ...verdict, ...verdict.flags }).flatMap(([name, value]) =>
        value === null ? [name] : [],
      );
      assert.deepEqual(nulls.sort(), Object.keys(verdict.reasons).sort(), `seed ${seed}`);
      const again = counts.stage_b.scored / buildGrid(spec).riskTotal;
      assert.equal(verdict.trials, counts.stage_a.scored + counts.stage_b.scored - again);
      const [best] = rows;
      if (verdict.sharpe_annual !== null) assert.equal(verdict.sharpe_annual, metricNumber(best.metrics.sharpe));
      for (const name of ['probabilistic_sharpe', 'deflated_sharpe', 'overfitting_probability'] as const) {
        const value = verdict[name];
        assert.ok(value === null || (value >= 0 && value <= 1), `seed ${seed}, ${name}: ${value}`);
      }
      seen.add(verdict.luck);
    }
    assert.ok(seen.size >= 2, [...seen].join());
  });
});

describe('what it finds', () => {
  const drifting = (skill: number, seed = 6): Candles => {
    const next = random(seed);
    let drift = 0;
    let price = 100;
    const closes = Array.from({ length: 2100 }, () => {
      drift = skill * drift + 0.01 * (next() - 0.5);
      price *= Math.exp(drift);
      return price;
    });
    return candlesOfCloses(closes, START, DAY_MS);
  };
  const free = { execution: { fee_pct: 0, slippage_pct: 0 }, params: { n: range(3, 40) } };

  test('more than luck where trends go on for days', async () => {
    const verdict = await verdictOf(specOf(free, {}, 2100), drifting(0.9));
    assert.equal(verdict.luck, 'unlikely', verdict.sentence);
    assert.match(verdict.sentence, /^Probably more than luck: the best of 38 variants has a Sharpe ratio of \d/);
  });

  test('no likely luck where the winner wins every block, however unlike the others are', async () => {
    // Rises on every weekday by so much: of all weekdays only the best one differs, in every week of the history.
    const closes: number[] = [];
    let price = 100;
    for (let day = 0; day < 1500; day += 1) {
      price *= 1 + (day % 7 === 3 ? 0.004 : -0.0005) * (1 + (0.3 * ((day * 7919) % 11)) / 11);
      closes.push(price);
    }
    const candles = candlesOfCloses(closes, START, DAY_MS);
    const rules = { long: 'dayofweek == d' };
    const spec = specOf({ rules, params: { d: range(0, 6) }, execution: free.execution }, {}, 1500);
    const verdict = await verdictOf(spec, candles);
    assert.notEqual(verdict.luck, 'likely', verdict.sentence);
    assert.ok(Number(verdict.overfitting_probability) <= 0.5);
  });

  test('luck where prices only stumble about', async () => {
    const lost = await verdictOf(specOf(free, {}, 2100), drifting(0));
    assert.match(lost.sentence, /^Likely luck: .* a Sharpe ratio of -[\d.]+ a year, so even the best made no money;/);
    const verdict = await verdictOf(specOf(free, {}, 2100), drifting(0, 1));
    assert.notEqual(verdict.luck, 'unlikely', verdict.sentence);
    assert.ok(Number(verdict.deflated_sharpe) < 0.95);
    assert.match(
      verdict.sentence,
      /^(Likely|Possibly) luck: .*would have about [\d.]+; what wins in one half .* \d+% of the time[;.]/,
    );
  });
});

describe('what cannot be told is null with a reason', () => {
  test('no ranked variant', async () => {
    const verdict = await verdictOf(specOf({}, { filters: { min_trades: 10_000 } }));
    assert.equal(verdict.luck, 'unknown');
    assert.equal(verdict.sentence, 'No variant was ranked, so there is nothing to believe or to doubt.');
    assert.deepEqual(verdict.compared, { kept: 0, drawn: 0 });
    for (const name of ['sharpe_annual', 'deflated_sharpe', 'overfitting_probability', 'few_trades', 'isolated_peak']) {
      assert.equal(verdict.reasons[name], 'no variant was ranked', name);
    }
    assert.equal(verdict.flags.zero_trades_share?.share, 0);
  });

  test('one variant', async () => {
    const verdict = await verdictOf(specOf({ params: { n: 20 } }));
    assert.deepEqual([verdict.trials, verdict.compared], [1, { kept: 1, drawn: 0 }]); // scored in both stages
    assert.ok(Number(verdict.probabilistic_sharpe) > 0);
    assert.match(verdict.reasons.deflated_sharpe, /only one variant was scored/);
    assert.match(verdict.reasons.overfitting_probability, /only one variant was scored/);
    assert.match(verdict.reasons.isolated_peak, /no variant one step away trades/);
    assert.equal(verdict.luck, 'unknown');
  });

  test('one variant with a stop is one trial, whatever it does without', async () => {
    for (const risk_grid of [{ sl: 3 }, { tp: 4, max_bars: 9 }, { trail: 2, trigger: 'intrabar' }]) {
      const verdict = await verdictOf(specOf({ params: { n: 14 }, risk_grid }));
      assert.equal(verdict.trials, 1);
      const { deflated_sharpe, overfitting_probability } = verdict.reasons;
      assert.deepEqual([deflated_sharpe, overfitting_probability], Array(2).fill('only one variant was scored'));
      assert.equal(verdict.luck, 'unknown');
    }
  });

  test('a peak in a grid of so few that none is away from it', async () => {
    const reason = 'fewer than 3 variants that trade are neither the best nor one step away';
    for (const n of [some(5, 20), some(5, 20, 60), some(20, 5)]) {
      const { flags, reasons } = await verdictOf(specOf({ params: { n } }));
      assert.equal(flags.isolated_peak, null);
      assert.ok([reason, 'the best is no better than a typical variant'].includes(reasons['isolated_peak']));
    }
  });

  test('too few days', async () => {
    const verdict = await verdictOf(specOf({}, {}, 131));
    assert.equal(verdict.reasons.overfitting_probability, '16 blocks need 32 daily returns, there are 31');
    assert.ok(verdict.deflated_sharpe !== null);
    const enough = await verdictOf(specOf({}, {}, 132));
    assert.equal(enough.reasons.overfitting_probability, undefined);
    const one = await verdictOf(specOf({ timeframe: '1h', execution: { fill: 'close' } }, {}, 101), hours());
    assert.equal(one.reasons.sharpe_annual, 'there are fewer than two daily returns');
    assert.match(one.sentence, /^Luck or not cannot be told: there are fewer than two daily returns/);
  });

  test('a best variant that lost everything, and prices that never move', async () => {
    const rising = candlesOfCloses(
      Array.from({ length: 700 }, (_, bar) => 100 * 1.02 ** bar * (1 + (bar % 2) / 50)),
      START,
      DAY_MS,
    );
    const short = {
      direction_mode: 'short-only',
      rules: { long: null, short: 'close > sma(close, n)' },
      params: { n: some(3, 9) },
    };
    const ruined = await verdictOf(specOf(short), rising);
    assert.equal(ruined.reasons.sharpe_annual, 'its daily returns have no Sharpe ratio');
    assert.equal(ruined.luck, 'unknown');
    const still = candlesOfCloses(new Float64Array(700).fill(100), START, DAY_MS);
    const flat = await verdictOf(
      specOf({
        rules: { long: 'dayofweek < n' },
        params: { n: range(1, 5) },
        execution: { fee_pct: 0, slippage_pct: 0 },
      }),
      still,
    );
    assert.equal(flat.reasons.deflated_sharpe, 'fewer than two of the variants compared have a Sharpe ratio');
    assert.equal(flat.overfitting_probability, 0.5); // all equal: a toss
  });
});

function hours(): Candles {
  return randomCandles(2, 101 * 24, { start: START, stepMs: 3_600_000 });
}
