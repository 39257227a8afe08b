// The pool over the protocol itself: both ends in this process, between them ports that clone what they carry as threads
// do. That Node's threads and a browser's workers carry the same is for server/src/worker/threads.test.ts and browser.slow.test.ts.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { getOrMake } from '../columns/memo.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { random } from '../grid/random.ts';
import { specFromPayload } from '../grid/variant.ts';
import { prepare, type Prepared } from '../prepare.ts';
import { search, type SearchStep } from '../search.ts';
import { HOUR_MS, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { VariantError } from './failing-variant.ts';
import { foldScorer } from './fold-scorer.ts';
import { inPlace, isShort, openPool, type Pool, type Thread, type ThreadPool } from './pool.ts';
import type { Scores, Task } from './score.ts';
import { scoreFor } from './scoring-thread.ts';

const START = Date.UTC(2024, 0, 1);
const CANDLES = randomCandles(5, 500, { start: START, stepMs: HOUR_MS, volatility: 0.01 });
const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });

function specOf(more: object = {}): Spec {
  return parseSpec({
    time_range: {
      start: new Date(START + 100 * HOUR_MS).toISOString(),
      end: new Date(START + 500 * HOUR_MS).toISOString(),
    },
    luck: 0,
    warmup_bars: 100,
    preselect: 40,
    top_k: 15,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      indicator_grids: [
        { indicator_id: 'ma.sma', params: { window: range(5, 24) } },
        { indicator_id: 'momentum.rsi', params: { window: range(5, 9) } },
      ],
      signal_grids: { 'momentum.rsi': { long_threshold: range(40, 44) } },
      risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2] }, tp: { mode: 'explicit', values: ['off', 3] } },
    },
    ...more,
  });
}

type Scorer = typeof foldScorer;

/** A thread that is none: the two ends of a channel. */
function channel(t: TestContext, open: Scorer = foldScorer): Thread & { die(error: Error): void } {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  scoreFor(
    {
      postMessage: (message) => port2.postMessage(message),
      addEventListener: (_, hear) => port2.on('message', (data: unknown) => hear({ data })),
    },
    open,
  );
  let die: (error: Error) => void = () => {};
  return {
    postMessage: (message) => port1.postMessage(message),
    addEventListener(type, hear) {
      if (type === 'message') port1.on('message', (data: unknown) => hear({ data }));
      else die = (error) => hear({ error });
    },
    terminate: () => port1.close(),
    die: (error) => die(error),
  };
}

function threadsOf(t: TestContext, spec: Spec, count: number, open?: Scorer): ThreadPool {
  const threads = Array.from({ length: count }, () => channel(t, open));
  return openPool(prepare(CANDLES, spec), threads, () => performance.now());
}

/** In chunks of all lengths. */
function oddly(pool: ThreadPool, seed: number): ThreadPool {
  const next = random(seed);
  return { ...pool, chunk: () => 1 + Math.floor(60 * next()) };
}

async function steps(spec: Spec, pool?: Pool): Promise<readonly SearchStep[]> {
  const all: SearchStep[] = [];
  for await (const step of search(CANDLES, spec, undefined, pool)) all.push(step);
  return all;
}

function outcomeOf(all: readonly SearchStep[]) {
  const { result, counts } = all.at(-1) ?? assert.fail('no step');
  const shortlist = all.find((step) => step.shortlist !== null)?.shortlist;
  const surface = all.flatMap(({ surface_chunk }) => [...(surface_chunk?.scores ?? [])]);
  return { result: JSON.stringify(result), counts, shortlist, surface };
}

test('threads follow a search from fold to fold, and report what was held out', async (t) => {
  const walk = { mode: 'walk_forward', folds: 3, train_fraction: 0.6 };
  for (const more of [{ validation: walk }, { validation: walk, sample: { n: 90, seed: 1 } }]) {
    const spec = specOf(more);
    const alone = outcomeOf(await steps(spec));
    assert.match(alone.result, /"out_of_sample":/);
    assert.deepEqual(outcomeOf(await steps(spec, oddly(threadsOf(t, spec, 3), 4))), alone);
  }
});

test('one result, by however many threads and in chunks of whatever length', async (t) => {
  for (const spec of [specOf(), specOf({ sample: { n: 137, seed: 9 } })]) {
    const plain = outcomeOf(await steps(spec));
    for (const count of [1, 2, 5]) {
      const all = await steps(spec, oddly(threadsOf(t, spec, count), count));
      assert.deepEqual(outcomeOf(all), plain, `${count} threads`);
      assert.ok(all.length > 20, `${all.length} steps`);
    }
  }
});

test('each permuted market is searched by one thread, several of them at once, and the result is the same', async (t) => {
  const spec: Spec = { ...specOf(), luck: { permutations: 19, variants: 60 } };
  const plain = outcomeOf(await steps(spec));
  assert.match(plain.result, /"permuted":/);
  const searchedBy = new Map<number, Set<number>>();
  let openers = 0;
  const pool = threadsOf(t, spec, 3, (prepared, sharers) => {
    const opener = (openers += 1);
    const score = foldScorer(prepared, sharers);
    return (task) => {
      if (task.permutation !== undefined) getOrMake(searchedBy, task.permutation, () => new Set()).add(opener);
      return score(task);
    };
  });
  assert.deepEqual(outcomeOf(await steps(spec, oddly(pool, 3))), plain);
  assert.deepEqual(
    [...searchedBy.keys()].sort((a, b) => a - b),
    [...Array(20).keys()],
  );
  assert.ok([...searchedBy.values()].every((openersOfIt) => openersOfIt.size === 1));
  assert.equal(new Set([...searchedBy.values()].map((openersOfIt) => [...openersOfIt].join())).size, 3);
});

test('each step is the state of all chunks before it, whichever thread was first', async (t) => {
  const spec = specOf();
  const pool = oddly(threadsOf(t, spec, 3), 8);
  for (const step of await steps(spec, pool)) {
    if (step.stage !== 'stage_a') continue;
    const { best, counts } = inPlaceScores(pool.prepared, step.next);
    assert.deepEqual([step.best.index.toSorted(), step.counts.stage_a], [best.index.toSorted(), counts]);
  }
});

function inPlaceScores(prepared: Prepared, to: number): Scores {
  return foldScorer(prepared)({ stage: 'stage_a', from: 0, to, bases: null });
}

test('chunks grow to a moment and shrink back, by the clock of the caller', async () => {
  const prepared = prepare(CANDLES, specOf());
  let at = 0;
  let perUnit = 0.001;
  // Only the clock matters here: what is scored is nothing.
  const slow = (): ((task: Task) => Scores) => {
    const nothing = inPlaceScores(prepared, 0);
    return ({ from, to }) => {
      at += perUnit * (to - from);
      return nothing;
    };
  };
  const pool = inPlace(prepared, () => at, slow);
  const { chunk } = pool;
  assert.ok(chunk !== undefined);
  const once = async (): Promise<number> => {
    const began = at;
    await pool.score({ stage: 'stage_a', from: 0, to: chunk({ stage: 'stage_a' }), bases: null });
    return at - began;
  };
  const first = chunk({ stage: 'stage_a' });
  for (let round = 0; round < 8; round += 1) await once();
  assert.equal(await once(), 40);
  assert.equal(chunk({ stage: 'stage_b' }), first, 'the other stage has a pace of its own');
  assert.equal(chunk({ stage: 'stage_a', permutation: 0 }), first, 'and so have permuted markets');
  perUnit *= 1000;
  const took: number[] = [];
  for (let round = 0; round < 12; round += 1) took.push(await once());
  assert.ok(took[0] === 40_000 && Math.abs(took[11] - 40) <= 1, took.join());
  perUnit = 1e9;
  for (let round = 0; round < 60; round += 1) await once();
  assert.equal(chunk({ stage: 'stage_a' }), 1);
});

test('a search that is too short for threads is known before anything is loaded', () => {
  const until = (year: number) => ({ time_range: { start: '2020-01-01T00:00:00Z', end: `${year}-01-01T00:00:00Z` } });
  assert.ok(isShort(specOf()));
  assert.ok(isShort(specOf(until(2022))), '500 bases, 6 settings, 17,544 bars');
  assert.ok(!isShort(specOf(until(2024))), 'twice as many bars');
});

/** Throws at the variants of one combination, wherever they are in a task, as a bug in a kernel would. */
function failing(stage: Task['stage'], base: number, risk = 0): Scorer {
  return (prepared) => {
    const score = foldScorer(prepared);
    const { riskTotal } = prepared.grid;
    return (task) => {
      for (let unit = task.from; unit < task.to && task.stage === stage; unit += 1) {
        const at = stage === 'stage_a' ? (task.bases?.[unit] ?? unit) : task.bases?.[Math.floor(unit / riskTotal)];
        if (at === base && (stage === 'stage_a' || unit % riskTotal === risk))
          throw new RangeError('no such hit', { cause: new Error('of bar 7') });
      }
      return score(task);
    };
  };
}

for (const [where, poolOf] of [
  ['in a thread', threadsOf],
  [
    'in place',
    (_: TestContext, spec: Spec, __: number, open?: Scorer) => inPlace(prepare(CANDLES, spec), () => 0, open),
  ],
] as const) {
  test(`what a variant throws ${where} names it, with parameters, payload and cause`, async (t) => {
    const spec = specOf();
    const { shortlist } = outcomeOf(await steps(spec));
    const [best] = shortlist ?? assert.fail('no shortlist');
    const cases = [
      { stage: 'stage_a', base: 333, risk: null, sample: null },
      { stage: 'stage_b', base: best, risk: 4, sample: null },
    ] as const;
    for (const { stage, base, risk } of cases) {
      const error = await steps(spec, poolOf(t, spec, 2, failing(stage, base, risk ?? 0))).then(
        () => assert.fail('the search went well'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof VariantError, String(error));
      const index = risk === null ? null : base * 6 + risk;
      assert.deepEqual([error.stage, error.base_index, error.variant_index], [stage, base, index]);
      assert.ok(
        error.message.startsWith(`${stage}: ${index === null ? `base variant ${base}` : `variant ${index}`}, {`),
      );
      assert.ok(error.message.endsWith(': no such hit') && error.message.includes('"ma.sma.window":'), error.message);
      // The payload alone says which variant it is: index 0 of the grid of itself.
      const again = prepare(CANDLES, specFromPayload(spec, error.payload ?? assert.fail('no payload')));
      assert.equal(again.grid.rawTotal * again.grid.riskTotal, 1);
      assert.deepEqual(
        [...inPlaceScores(again, 1).best.primary],
        [
          ...foldScorer(prepare(CANDLES, spec))({ stage: 'stage_a', from: base, to: base + 1, bases: null }).best
            .primary,
        ],
      );
      const { cause } = error;
      assert.ok(cause instanceof Error && cause.cause instanceof Error);
      assert.deepEqual([cause.name, cause.message, cause.cause.message], ['RangeError', 'no such hit', 'of bar 7']);
      assert.match(cause.stack ?? '', /pool\.test\.ts/);
    }
  });
}

test('a kept variant whose report fails is named, too', async (t) => {
  const { template, ...rest } = specOf();
  const windows = { fast_window: { mode: 'explicit', values: [5, 20] }, slow_window: 10 };
  const { instrument_id, timeframe } = template;
  const indicator_grids = [{ indicator_id: 'momentum.macd', params: windows }];
  const spec = parseSpec({
    time_range: rest.time_range,
    luck: 0,
    template: { instrument_id, timeframe, indicator_grids },
  });
  const pool = threadsOf(t, spec, 2);
  await assert.rejects(pool.row(1, 1), (error) => {
    assert.ok(error instanceof VariantError);
    assert.deepEqual([error.stage, error.base_index, error.variant_index, error.payload], ['finalizing', 1, 1, null]);
    assert.match(error.message, /^finalizing: variant 1, which the grid has not: /);
    return true;
  });
});

test('what fails only in company is told as it is', async (t) => {
  const spec = specOf();
  const company: Scorer = (prepared) => {
    const score = foldScorer(prepared);
    return (task) => {
      if (task.to - task.from > 1) throw new TypeError('too many');
      return score(task);
    };
  };
  await assert.rejects(steps(spec, threadsOf(t, spec, 2, company)), { name: 'TypeError', message: 'too many' });
  await assert.rejects(steps(spec, inPlace(prepare(CANDLES, spec), undefined, company)), /^TypeError: too many$/);
});

test('a thread that dies fails the search with how it died', async (t) => {
  const spec = specOf();
  const threads = [channel(t), channel(t)];
  const pool = openPool(prepare(CANDLES, spec), threads, () => performance.now());
  const died = new Error('out of memory');
  const dying = async (): Promise<void> => {
    for await (const { next } of search(CANDLES, spec, undefined, oddly(pool, 2))) if (next > 0) threads[1].die(died);
  };
  await assert.rejects(dying, died);
});

test('ended pools fail what they were asked, and whatever they are asked later', async (t) => {
  const spec = specOf();
  const pool = threadsOf(t, spec, 2);
  const why = new Error('cancelled');
  const running = steps(spec, pool);
  const ended = assert.rejects(running, why);
  await pool.end(why);
  await ended;
  await assert.rejects(pool.score({ stage: 'stage_a', from: 0, to: 1, bases: null }), why);
});
