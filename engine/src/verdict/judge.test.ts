import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { canonicalJson } from '../identity/canonical.ts';
import type { Permuted } from '../luck/permuted.ts';
import { prepare } from '../prepare.ts';
import { formatNumber } from '../report/format.ts';
import type { SearchState } from '../scoring/state.ts';
import { search, type SearchResult } from '../search.ts';
import { metricNumber } from '../simulate/metrics-json.ts';
import { DAY_MS, type Spec } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { variantReport } from '../variant-report.ts';
import { openVerdict } from './judge.ts';
import { momentsOf } from './moments.ts';
import { overfitting } from './overfitting.ts';
import { deflatedSharpe, luckySharpe, minimumBacktestYears, probabilisticSharpe } from './sharpe.ts';
import { signedText } from './texts.ts';
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
    luck: 0,
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

function returnsOfVariant(spec: Spec, variant_index: number): Float64Array {
  const { equity } = variantReport(CANDLES, spec, { variant_index }).series;
  return equity.map((value, day) => value / (equity[day - 1] ?? 10_000) - 1);
}

async function verdictOf(spec: Spec, candles?: Candles): Promise<Verdict> {
  return (await resultOf(spec, candles)).verdict;
}

const SL = { risk_grid: { sl: some('off', 2, 5) } };

describe('the numbers', () => {
  test('are those that reports of the same variants give', async () => {
    const spec = specOf(SL);
    const { rows, verdict, counts } = await resultOf(spec);
    const trials = Array.from({ length: 90 }, (_, variant) => returnsOfVariant(spec, variant)); // of a small grid all variants
    assert.deepEqual(verdict.compared, { drawn: 90, with_best: true });
    assert.equal(verdict.trials, 90); // 30 of them without stops, which both stages score
    assert.equal(counts.stage_a.scored + counts.stage_b.scored, 30 + 90);
    const best = momentsOf(returnsOfVariant(spec, rows[0].variant_index));
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
    const { probability, loss } = overfitting(trials);
    assert.deepEqual([verdict.overfitting_probability, verdict.loss_probability], [probability, loss]);
    assert.deepEqual(verdict.reasons, { permuted: 'the search was not repeated on permuted markets' });
    assert.equal(verdict.sharpe_annual, metricNumber(rows[0].metrics.sharpe));
    assert.equal(verdict.total_return_pct, rows[0].total_return_pct);
  });

  const WIDE = {
    params: { n: range(2, 41), m: range(1, 30) },
    rules: { long: 'close > sma(close, n) and close > close[m]' },
  };

  test('stand on 1,000 variants of a large grid, drawn by market, bars and grid, whatever is kept or ranked', async () => {
    const changes = { top_k: 40, preselect: 40 };
    const { verdict, rows } = await resultOf(specOf(WIDE, changes));
    assert.equal(verdict.compared.drawn, 1000);
    for (const top_k of [1, 39]) assert.deepEqual(await verdictOf(specOf(WIDE, { ...changes, top_k })), verdict);
    const same = { name: 'other', priority: 3, top_trades_n: 0, filters: { min_trades: 1 } };
    assert.deepEqual(await verdictOf(specOf(WIDE, { ...changes, ...same })), verdict);
    const asked = { ...changes, ranking: { primary_metric: 'sharpe' }, preselect: 20 };
    const ranked = await verdictOf(specOf(WIDE, asked));
    for (const name of ['sharpe_variance_daily', 'overfitting_probability', 'loss_probability'] as const) {
      assert.equal(ranked[name], verdict[name]);
    }
    const other = await verdictOf(specOf(WIDE, { ...changes, warmup_bars: 61 })); // the same trades, another grid of bars
    assert.equal(other.sharpe_daily, verdict.sharpe_daily);
    assert.notEqual(other.sharpe_variance_daily, verdict.sharpe_variance_daily);
    assert.equal(rows.length, 40);
  });

  test('describe the grid alone where the best is not among those drawn', async () => {
    const seen = new Set<boolean | undefined>();
    for (const n of [range(2, 41), range(4, 43)]) {
      const template = { ...WIDE, params: { ...WIDE.params, n }, ...SL };
      const verdict = await verdictOf(specOf(template, { top_k: 3, preselect: 50 }));
      const { compared, checks = [], loss_probability } = verdict;
      assert.equal(compared.drawn, 1000);
      seen.add(compared.with_best);
      const halves = checks.find(({ id }) => id === 'halves');
      assert.equal(halves?.value, loss_probability);
      assert.equal(halves?.mark === null, !compared.with_best);
      if (!compared.with_best) assert.match(halves?.reason ?? '', /^of 1,000 variants drawn, without the best, /);
      if (!compared.with_best) assert.doesNotMatch(verdict.sentence, /what wins in one half/);
    }
    assert.ok(seen.has(false));
  });

  test('draw as many risk settings of each base variant as there is room for, all alike', async () => {
    const stops = { risk_grid: { sl: range(1, 40), tp: some('off', 3) } }; // 80 settings
    const { compared } = await verdictOf(specOf(stops, { top_k: 1, preselect: 30 }));
    assert.ok(compared.drawn > 900 && compared.drawn <= 30 * 33, `${compared.drawn}`);
    const one = await verdictOf(specOf({ ...stops, params: { n: 5 } }, { top_k: 1 }));
    assert.deepEqual(one.compared, { drawn: 80, with_best: true });
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
    assert.deepEqual(verdict.compared, { drawn: 9, with_best: true });
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
    assert.match(
      verdict.sentence,
      /^By formula the best of 38 variants without any skill would have .* and this one has [\d.]+: probably more than luck\./,
    );
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
    assert.match(lost.sentence, /^Even the best of 38 variants made no money \(-[\d.]+%\): likely luck\./);
    const verdict = await verdictOf(specOf(free, {}, 2100), drifting(0, 1));
    assert.notEqual(verdict.luck, 'unlikely', verdict.sentence);
    assert.ok(Number(verdict.deflated_sharpe) < 0.95);
    assert.match(
      verdict.sentence,
      /^By formula .* would have a Sharpe ratio of about [\d.]+ a year, .*: (likely|possibly) luck\./,
    );
  });
});

describe('with a validation', () => {
  test('what came of bars that the search has not seen comes first, and has a check of its own', async () => {
    for (const validation of [
      { mode: 'holdout', fraction: 0.3 },
      { mode: 'walk_forward', folds: 4, train_fraction: 0.6 },
    ]) {
      const { verdict, validation: held } = await resultOf(specOf({}, { validation }));
      const { metrics } = held?.out_of_sample ?? assert.fail('no validation');
      const percent = signedText(metricNumber(metrics.total_return_pct));
      const sharpe = formatNumber(metricNumber(metrics.sharpe), 2);
      const trades = `${metrics.num_trades} ${metrics.num_trades === 1 ? 'trade' : 'trades'}`;
      const [first] = verdict.sentence.split(/\. (?=[A-Z])/);
      assert.ok(first.includes(`made ${percent} (Sharpe ratio ${sharpe} a year, ${trades})`), verdict.sentence);
      assert.match(first, validation.mode === 'holdout' ? /^On the bars held out/ : /^Over 4 periods that came after/);
      const earned = held?.folds.filter(({ best }) => Number(best?.out_of_sample.total_return_pct) > 0).length ?? 0;
      const check = verdict.checks?.find(({ id }) => id === 'oos');
      assert.equal(check?.value, earned / (held?.folds.length ?? 0));
      assert.ok(check.reason.includes(percent));
    }
  });
});

describe('beside the luck test and holding', () => {
  const judgedWith = async (spec: Spec, permuted: Permuted | null, candles = CANDLES): Promise<Verdict> => {
    const prepared = prepare(candles, spec);
    let state: SearchState | null = null;
    for await (const step of search(candles, spec)) state = step;
    assert.ok(state);
    const judge = openVerdict(prepared, state);
    for (const _ of judge.compare(() => null));
    const working = judge.verdict(() => null, permuted, null);
    for (let step = working.next(); ; step = working.next()) if (step.done === true) return step.value;
  };

  const permutedOf = (changes: Partial<Permuted>): Permuted => ({
    done: 19,
    asked: 19,
    variants: 30,
    grid_variants: 30,
    blocks: null,
    walk: false,
    p: 0.05,
    as_good: 0,
    best: 10,
    best_sharpe_daily: null,
    best_variant: null,
    bests: Array<number>(19).fill(1),
    sharpes: Array<number>(19).fill(0.01),
    reason: null,
    ...changes,
  });

  test('the ratio of the best of the same search is measured against that of luck', async () => {
    const spec = specOf({});
    const { verdict: plain, rows } = await resultOf(spec);
    const own = await judgedWith(
      spec,
      permutedOf({ best_sharpe_daily: plain.sharpe_daily, best_variant: rows[0].variant_index }),
    );
    const { skewness, kurtosis, days, sharpe_daily } = plain;
    const moments = {
      sharpe: Number(sharpe_daily),
      count: days,
      skewness: Number(skewness),
      kurtosis: Number(kurtosis),
    };
    assert.ok(Math.abs(Number(own.permuted?.deflated_sharpe) - probabilisticSharpe(moments, 0.01)) < 1e-12);
    const unknown = await judgedWith(spec, permutedOf({ best_sharpe_daily: 9 }));
    assert.equal(unknown.permuted?.sharpe_reason, 'the moments of the best of that search are not known');
    // Of a sample: another variant, which is run once more.
    const { variant_index } = rows[3];
    const other = momentsOf(returnsOfVariant(spec, variant_index));
    const sampled = await judgedWith(
      spec,
      permutedOf({ best_sharpe_daily: other.sharpe * 2, best_variant: variant_index }),
    );
    assert.ok(Math.abs(Number(sampled.permuted?.deflated_sharpe) - probabilisticSharpe(other, 0.01)) < 1e-12);
    assert.deepEqual(
      { ...sampled, permuted: null, sentence: '', checks: [] },
      { ...own, permuted: null, sentence: '', checks: [] },
    );
  });

  test('its p decides, whatever the formula says; of fewer than 19 permutations it does not', async () => {
    const spec = specOf({});
    const plain = await judgedWith(spec, null);
    assert.equal((await judgedWith(spec, permutedOf({ p: 0.9, as_good: 17 }))).luck, 'likely');
    assert.notEqual((await judgedWith(spec, permutedOf({}))).luck, 'likely');
    for (const none of [
      permutedOf({ done: 18, asked: 18, p: 0.05 }),
      permutedOf({ p: null, reason: 'too few bars' }),
    ]) {
      const verdict = await judgedWith(spec, none);
      assert.equal(verdict.luck, plain.luck);
      assert.equal(verdict.sentence, plain.sentence);
    }
  });

  test('holding is bought at the first close of the same days, without costs', async () => {
    const { verdict, rows } = await resultOf(specOf({}));
    const holding = verdict.holding ?? assert.fail(verdict.reasons['holding']);
    const { series } = variantReport(CANDLES, specOf({}), { variant_index: rows[0].variant_index });
    const held = momentsOf(series.benchmark.map((value, day) => value / (series.benchmark[day - 1] ?? 10_000) - 1));
    const year = Math.sqrt(365);
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} for ${b}`);
    near(holding.return_pct, (series.benchmark[series.benchmark.length - 1] / 10_000 - 1) * 100);
    near(holding.excess_return_pct, rows[0].total_return_pct - holding.return_pct);
    near(holding.sharpe_annual, held.sharpe * year);
    near(holding.excess_sharpe_annual, (Number(verdict.sharpe_daily) - held.sharpe) * year);
    assert.equal(holding.long_share, 1);
    const { worse_than_holding: worse } = verdict.flags;
    assert.equal(worse?.raised, holding.excess_sharpe_annual < 0);
    assert.equal(worse?.sharpe_annual, holding.sharpe_annual + holding.excess_sharpe_annual);
  });

  test('what is short on more than a fifth of the bars that it holds is not compared with holding', async () => {
    const both = {
      rules: { long: 'close > sma(close, n)', short: 'close < sma(close, n)' },
      direction_mode: 'long-short',
    };
    const verdict = await verdictOf(specOf(both));
    assert.deepEqual([verdict.holding, verdict.flags.worse_than_holding], [null, null]);
    assert.match(verdict.reasons['holding'], /^the best is long on \d\d?% of the bars that it holds/);
    assert.equal(verdict.reasons['worse_than_holding'], verdict.reasons['holding']);
  });
});

describe('what cannot be told is null with a reason', () => {
  test('no ranked variant', async () => {
    const verdict = await verdictOf(specOf({}, { filters: { min_trades: 10_000 } }));
    assert.equal(verdict.luck, 'unknown');
    assert.equal(verdict.sentence, 'No variant was ranked, so there is nothing to believe or to doubt.');
    assert.deepEqual(verdict.compared, { drawn: 0, with_best: false });
    assert.ok(
      verdict.checks?.every(({ mark }) => mark === null || mark === 'caution'),
      JSON.stringify(verdict.checks),
    );
    for (const name of ['sharpe_annual', 'deflated_sharpe', 'overfitting_probability', 'few_trades', 'isolated_peak']) {
      assert.equal(verdict.reasons[name], 'no variant was ranked', name);
    }
    assert.equal(verdict.flags.zero_trades_share?.share, 0);
  });

  test('one variant', async () => {
    const verdict = await verdictOf(specOf({ params: { n: 20 } }));
    assert.deepEqual([verdict.trials, verdict.compared], [1, { drawn: 1, with_best: true }]); // scored in both stages
    assert.ok(Number(verdict.probabilistic_sharpe) > 0);
    assert.equal(verdict.deflated_sharpe, verdict.probabilistic_sharpe); // nothing is to be deflated
    const returns = returnsOfVariant(specOf({ params: { n: 20 } }), 0);
    assert.equal(verdict.loss_probability, overfitting([returns, returns]).loss);
    assert.match(verdict.reasons.overfitting_probability, /only one variant was scored/);
    assert.match(verdict.reasons.isolated_peak, /no variant one step away trades/);
    assert.notEqual(verdict.luck, 'unknown');
    assert.match(verdict.sentence, /Sharpe ratio of -?[\d.]+ a year is above 0 with a probability of|made no money/);
  });

  test('one variant with a stop is one trial, whatever it does without', async () => {
    for (const risk_grid of [{ sl: 3 }, { tp: 4, max_bars: 9 }, { trail: 2, trigger: 'intrabar' }]) {
      const verdict = await verdictOf(specOf({ params: { n: 14 }, risk_grid }));
      assert.equal(verdict.trials, 1);
      assert.equal(verdict.reasons.overfitting_probability, 'only one variant was scored');
      assert.equal(verdict.deflated_sharpe, verdict.probabilistic_sharpe);
    }
  });

  test('a peak in a grid of so few that none is away from it', async () => {
    const reason = 'fewer than 4 base variants that trade differ in score';
    for (const n of [some(5, 20), some(5, 20, 60), some(20, 5)]) {
      const { flags, reasons } = await verdictOf(specOf({ params: { n } }));
      assert.equal(flags.isolated_peak, null);
      assert.equal(reasons['isolated_peak'], reason);
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
