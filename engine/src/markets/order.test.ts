// What stands where in a permuted market: everything moves within its part, nothing is lost, nothing comes twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { identityOrder, seededOrder, unpermutable, type Permutable } from './order.ts';

const SEEDS = [1, 2, 3, 4];
const plain = (bars: number, first: number, more: Partial<Permutable> = {}): Permutable => ({
  bars,
  first,
  carried: null,
  firsts: null,
  blocks: null,
  ...more,
});
const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
const countTo = (end: number): number[] => Array.from({ length: end }, (_, bar) => bar);

/** Marks of sessions of these lengths. */
function sessions(lengths: readonly number[]): Uint8Array {
  return Uint8Array.from(lengths.flatMap((length) => countTo(length).map((bar) => Number(bar === 0))));
}

test('bar 0 and the first searched bar stay with their gaps, and each part is permuted in itself', () => {
  for (const first of [0, 1, 2, 60]) {
    const { bars, gaps } = seededOrder(plain(400, first), SEEDS);
    for (const order of [bars, gaps]) {
      assert.deepEqual([order[0], order[first]], [0, first]);
      assert.deepEqual(sorted(order.subarray(0, first)), countTo(first));
      assert.deepEqual(sorted(order), countTo(400));
      assert.ok(order.filter((bar, place) => bar === place).length < 20, 'most bars move');
    }
    assert.notDeepEqual(bars, gaps);
  }
});

test('the seeds alone decide', () => {
  const order = seededOrder(plain(300, 50), SEEDS);
  assert.deepEqual(seededOrder(plain(300, 50), SEEDS), order);
  for (const at of [0, 1, 2, 3]) {
    const other = SEEDS.map((seed, place) => (place === at ? 99 : seed));
    const { bars, gaps } = seededOrder(plain(300, 50), other);
    const changed = [
      bars.subarray(0, 50).some((bar, place) => bar !== order.bars[place]),
      gaps.subarray(0, 50).some((bar, place) => bar !== order.gaps[place]),
      bars.subarray(50).some((bar, place) => bar !== order.bars[50 + place]),
      gaps.subarray(50).some((bar, place) => bar !== order.gaps[50 + place]),
    ];
    assert.deepEqual(
      changed,
      [0, 1, 2, 3].map((place) => place === at),
    );
  }
});

test('every bar comes to every place equally often', () => {
  const bars = 6;
  const counts = countTo(bars).map(() => countTo(bars).map(() => 0));
  const rounds = 4000;
  for (let round = 0; round < rounds; round += 1) {
    const order = seededOrder(plain(bars, 0), [0, 0, 2 * round, 2 * round + 1]);
    for (let place = 1; place < bars; place += 1) counts[place][order.bars[place]] += 1;
  }
  const expected = rounds / (bars - 1);
  for (let place = 1; place < bars; place += 1) {
    for (let bar = 1; bar < bars; bar += 1)
      assert.ok(Math.abs(counts[place][bar] - expected) < 5 * Math.sqrt(expected), `${bar} at ${place}`);
  }
});

test('a bar without a candle keeps no gap before it, wherever it goes', () => {
  const next = random(4);
  const carried = Uint8Array.from({ length: 300 }, (_, bar) => Number(bar > 0 && next() < 0.3));
  const { bars, gaps } = seededOrder(plain(340, 40, { carried }), SEEDS);
  const isCarried = (bar: number): boolean => bar >= 40 && carried[bar - 40] === 1;
  assert.deepEqual(sorted(gaps), countTo(340));
  for (let place = 0; place < 340; place += 1) assert.equal(isCarried(gaps[place]), isCarried(bars[place]));
});

test('bars that begin a session move among each other', () => {
  const firsts = sessions([5, 7, 7, 3, 7, 7, 7, 7, 7, 7, 3, 7]);
  const { bars, gaps } = seededOrder(plain(firsts.length, 14, { firsts }), SEEDS);
  for (const order of [bars, gaps]) {
    assert.deepEqual(sorted(order), countTo(firsts.length));
    for (let place = 0; place < order.length; place += 1) assert.equal(firsts[order[place]], firsts[place]);
  }
});

test('blocks of bars keep their order, each bar with its gap, and the last one is shorter', () => {
  const { bars, gaps } = seededOrder(plain(250, 12, { blocks: 10 }), SEEDS);
  assert.deepEqual(gaps.subarray(12), bars.subarray(12));
  assert.deepEqual(sorted(bars), countTo(250));
  assert.notDeepEqual(sorted(bars.subarray(0, 12)), [...bars.subarray(0, 12)], 'the warm-up has no blocks');
  const starts = countTo(250).filter((place) => place > 13 && bars[place] !== bars[place - 1] + 1);
  assert.ok(starts.length > 15 && starts.length <= 24, `${starts.length} seams`);
  for (const place of starts) assert.equal((bars[place] - 13) % 10, 0);
});

test('blocks of whole sessions change places with those of the same lengths only', () => {
  const lengths = [4, ...countTo(60).map((session) => (session % 10 === 7 ? 3 : 6)), 2];
  const firsts = sessions(lengths);
  const { bars } = seededOrder(plain(firsts.length, 1, { firsts, blocks: 2 }), SEEDS);
  assert.deepEqual([...bars.subarray(0, 4)], [0, 1, 2, 3], 'what is left of the first session stays');
  assert.deepEqual(sorted(bars), countTo(firsts.length));
  for (let place = 0; place < bars.length; place += 1) assert.equal(firsts[bars[place]], firsts[place]);
  assert.ok(bars.filter((bar, place) => bar !== place).length > 200);
});

test('too little to permute is a reason', () => {
  assert.equal(unpermutable(plain(101, 0)), null);
  assert.equal(unpermutable(plain(150, 50)), '99 bars can be permuted, the test needs 100');
  assert.equal(unpermutable(plain(3, 2)), '0 bars can be permuted, the test needs 100');
  assert.equal(unpermutable(plain(201, 0, { blocks: 10 })), null);
  assert.equal(
    unpermutable(plain(191, 0, { blocks: 10 })),
    'luck.blocks: 19 runs of 10 bars can be permuted, the test needs 20',
  );
  const unlike = sessions(countTo(40).map((session) => 3 + session));
  assert.equal(
    unpermutable(plain(unlike.length, 1, { firsts: unlike, blocks: 1 })),
    'luck.blocks: 0 runs of 1 sessions can be permuted, the test needs 20',
  );
});

test('the identity leaves all in place', () => {
  assert.deepEqual([...identityOrder(4).bars, ...identityOrder(4).gaps], [0, 1, 2, 3, 0, 1, 2, 3]);
});
