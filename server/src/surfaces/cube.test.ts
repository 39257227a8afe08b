// What is computed over a cube, against the plainest definition of it, on random cubes with gaps, infinities and samples.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricJson, reachOf } from '@backtest-jobs/engine/internal';
import { bandsOf, brushedOf, scoreBinsOf } from './bands.ts';
import { cellOf } from './cell.ts';
import { binsOf, type Cube, type CubeAxis, type Value } from './cube.ts';
import { nearScores } from './near.ts';
import { ascending } from './order.ts';
import { cutOf, HOW, sliceOf, type SliceQuery } from './slice.ts';
import { binOfScore, summaryOf } from './summary.ts';

/** Numbers from 0 to 1, the same for a seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function axesOf(lists: readonly (readonly Value[])[]): CubeAxis[] {
  return lists.map((values, at) => {
    const stride = lists.slice(at + 1).reduce((product, { length }) => product * length, 1);
    return { key: `a${at}`, values, stride };
  });
}

const numbers = (length: number): number[] => Array.from({ length }, (_, at) => 5 * at + 1);

function randomCube(seed: number, lists: readonly (readonly Value[])[], changes: Partial<Cube> = {}): Cube {
  const next = seeded(seed);
  const axes = axesOf(lists);
  const units = changes.bases?.length ?? lists.reduce((product, { length }) => product * length, 1);
  const scores = Float32Array.from({ length: units }, () => {
    const kind = next();
    if (kind < 0.2) return NaN;
    if (kind < 0.22) return kind < 0.21 ? Infinity : -Infinity;
    return Math.round((next() - 0.5) * 40) / 4 + 0; // many are equal, none is -0
  });
  return { scores, bases: null, axes, sign: 1, metric: 'sharpe', riskTotal: 6, riskOff: 2, ...changes };
}

const CUBES: Readonly<Record<string, Cube>> = {
  plain: randomCube(1, [numbers(4), ['open', 'close'], numbers(7), [3]]),
  lower: randomCube(2, [numbers(3), numbers(5)], { sign: -1 }),
  unsorted: randomCube(3, [[9, 2, 5, 7, 1], numbers(6)]),
  sample: randomCube(4, [numbers(9), numbers(8)], { bases: Float64Array.of(3, 9, 10, 26, 40, 41, 55, 71) }),
  long: randomCube(5, [numbers(2), numbers(450)]),
  single: randomCube(6, [[1]]),
  empty: { ...randomCube(7, [numbers(4), numbers(4)]), scores: new Float32Array(16).fill(NaN) },
};

/** Every unit with a score, with its positions. */
function rowsOf({ scores, axes, bases }: Cube) {
  return Array.from(scores, (score, unit) => {
    const index = bases === null ? unit : (bases[unit] ?? 0);
    return { score, unit, digits: axes.map(({ stride, values }) => Math.floor(index / stride) % values.length) };
  }).filter(({ score }) => !Number.isNaN(score));
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => (a === b ? 0 : a - b));
  if (sorted.length === 0) return NaN;
  const [low = NaN, high = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return Math.fround(low === high ? low : (low + high) / 2);
}

function bestOf(values: readonly number[], sign: number): number {
  return values.reduce((best, value) => (sign * best >= sign * value ? best : value), NaN);
}

function naiveSlice(cube: Cube, { x, y, how, hold }: SliceQuery): number[] {
  const place = (key: string) => cube.axes.findIndex((axis) => axis.key === key);
  const [ofX, ofY] = [x, y ?? ''].map((key) => binsOf(cube.axes[place(key)]?.values.length ?? 1, 400));
  const rows = rowsOf(cube).filter(({ digits }) =>
    Object.entries(hold).every(([key, text]) => {
      const at = place(key);
      return String(cube.axes[at]?.values[digits[at] ?? -1]) === text;
    }),
  );
  const cells: number[] = [];
  for (let row = 0; row <= (ofY?.at(-1) ?? 0); row += 1) {
    for (let column = 0; column <= (ofX?.at(-1) ?? 0); column += 1) {
      const inCell = rows.filter(
        ({ digits }) =>
          ofX?.[digits[place(x)] ?? -1] === column && (y === null || ofY?.[digits[place(y)] ?? -1] === row),
      );
      const values = inCell.map(({ score }) => score);
      cells.push(how === 'median' ? medianOf(values) : bestOf(values, cube.sign));
    }
  }
  return cells;
}

test('slices: best and median of every cell, with held axes, equal the plain definition', () => {
  for (const [name, cube] of Object.entries(CUBES)) {
    const [first, second] = cube.axes;
    assert.ok(first);
    const held = cube.axes[2] ?? cube.axes[1];
    const queries: SliceQuery[] = [
      { x: first.key, y: second?.key ?? null, how: 'max', hold: {} },
      { x: first.key, y: second?.key ?? null, how: 'median', hold: {} },
      { x: second?.key ?? first.key, y: null, how: 'median', hold: {} },
    ];
    if (held && held !== first) {
      for (const how of ['max', 'median'] as const)
        queries.push({ x: first.key, y: null, how, hold: { [held.key]: String(held.values[1] ?? held.values[0]) } });
    }
    for (const query of queries) {
      const cut = cutOf(cube, query);
      assert.ok('x' in cut, JSON.stringify(cut));
      const { head, cells } = sliceOf(cube, cut, ascending(cube.scores));
      assert.deepEqual([...cells], naiveSlice(cube, query), `${name} ${JSON.stringify(query)}`);
      if (Object.keys(query.hold).length > 0) continue;
      const rows = rowsOf(cube);
      assert.equal(head.scores, rows.length);
      const best = rows.find(
        ({ score }) =>
          score ===
          bestOf(
            rows.map((row) => row.score),
            cube.sign,
          ),
      );
      const base = best && (cube.bases?.[best.unit] ?? best.unit);
      assert.equal(head.best?.base_index, base);
      assert.equal(head.best?.variant_index, base === undefined ? undefined : base * 6 + 2);
    }
  }
  const long = CUBES['long'];
  assert.ok(long);
  const cut = cutOf(long, { x: 'a1', y: 'a0', how: 'max', hold: {} });
  assert.ok('x' in cut);
  const { head } = sliceOf(long, cut, null);
  assert.deepEqual([head.x.from.length, head.x.from[0], head.x.to[0], head.x.to.at(-1)], [400, 1, 6, 2246]);
});

test('a cell has the value of the map, and the first of the best variants behind it', () => {
  for (const [name, cube] of Object.entries(CUBES)) {
    const [first, second, third] = cube.axes;
    assert.ok(first);
    const hold: Record<string, string> = third ? { [third.key]: String(third.values[1] ?? third.values[0]) } : {};
    for (const how of HOW) {
      if (how === 'near' && cube.bases !== null) continue;
      const query: SliceQuery = { x: first.key, y: second?.key ?? null, how, hold };
      const cut = cutOf(cube, query);
      assert.ok('x' in cut);
      const shown = how === 'near' ? { ...cube, scores: nearScores(cube) } : cube;
      const { head, cells } = sliceOf(shown, cut, ascending(shown.scores));
      const columns = head.x.from.length;
      const ofX = binsOf(first.values.length, 400);
      const ofY = binsOf(second?.values.length ?? 1, 400);
      for (const [at, value] of cells.entries()) {
        const [i, j] = [at % columns, Math.floor(at / columns)];
        const cell = cellOf(cube, shown, cut, { ...query, i, j });
        assert.ok('metric' in cell, JSON.stringify(cell));
        const rows = rowsOf(shown).filter(
          ({ digits }) =>
            ofX[digits[0] ?? -1] === i &&
            (second === undefined || ofY[digits[1] ?? -1] === j) &&
            (third === undefined || String(third.values[digits[2] ?? -1]) === hold[third.key]),
        );
        const top = bestOf(
          rows.map(({ score }) => score),
          cube.sign,
        );
        const unit = rows.find(({ score }) => score === top)?.unit;
        const said = `${name} ${how} ${i} ${j}`;
        assert.equal(cell.scores, rows.length, said);
        assert.equal(cell.best?.base_index, unit === undefined ? undefined : (cube.bases?.[unit] ?? unit), said);
        assert.deepEqual(cell.best?.value, unit === undefined ? undefined : metricJson(cube.scores[unit] ?? NaN), said);
        assert.deepEqual(cell.value, metricJson(value), said);
        assert.deepEqual([cell.x.from, cell.x.to], [head.x.from[i], head.x.to[i]]);
        assert.deepEqual([cell.y?.from, cell.y?.to], [head.y?.from[j], head.y?.to[j]]);
      }
      const beyond = cellOf(cube, shown, cut, { ...query, i: columns, j: 400 });
      assert.ok(!('metric' in beyond));
      assert.deepEqual(
        beyond.map(({ path }) => path),
        ['i', 'j'],
      );
    }
  }
});

test('the neighbourhood is the mean of the box around a variant, along axes by value', () => {
  for (const name of ['plain', 'lower', 'unsorted', 'long', 'single', 'empty']) {
    const cube = CUBES[name];
    assert.ok(cube);
    const near = nearScores(cube);
    const rows = rowsOf(cube);
    const places = cube.axes.map(({ values }) => {
      const sorted = values.map(Number).sort((a, b) => a - b);
      return values.map((value, at) => (typeof value === 'string' ? at : sorted.indexOf(value)));
    });
    for (const { unit, digits } of rows) {
      const around = rows.filter(
        (other) =>
          Number.isFinite(other.score) &&
          cube.axes.every((axis, at) => {
            const [here, there] = [places[at]?.[digits[at] ?? -1], places[at]?.[other.digits[at] ?? -1]];
            return Math.abs((here ?? 0) - (there ?? 0)) <= reachOf(axis);
          }),
      );
      const mean = around.reduce((sum, { score }) => sum + score, 0) / around.length;
      const found = near[unit] ?? NaN;
      assert.ok(Object.is(found, Math.fround(mean)) || Math.abs(found - mean) <= 1e-6, `${name} ${unit}: ${mean}`);
    }
    assert.equal(near.filter((value) => !Number.isNaN(value)).length <= rows.length, true);
  }
  assert.deepEqual(
    [2, 50, 100, 1000].map((n) => reachOf({ values: numbers(n) })),
    [1, 1, 2, 20],
  );
});

test('a summary: quantiles, bins, levels and what each axis does', () => {
  for (const [name, cube] of Object.entries(CUBES)) {
    const summary = summaryOf(cube, ascending(cube.scores), [0, 3]);
    const rows = rowsOf(cube);
    const finite = rows.map(({ score }) => score).filter(Number.isFinite);
    assert.equal(summary.scores, rows.length, name);
    for (const { level, scores } of summary.above)
      assert.equal(scores, rows.filter(({ score }) => score > level).length, name);
    assert.equal(summary.histogram?.counts.reduce((sum, count) => sum + count, 0) ?? 0, finite.length);
    assert.deepEqual(
      [summary.histogram?.from, summary.histogram?.to],
      finite.length === 0 ? [undefined, undefined] : [Math.min(...finite), Math.max(...finite)],
    );
    const mean = finite.reduce((sum, score) => sum + score, 0) / finite.length;
    const total = finite.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    for (const [at, axis] of summary.axes.entries()) {
      const bins = binsOf(cube.axes[at]?.values.length ?? 0, 400);
      let between = 0;
      for (let bin = 0; bin < axis.from.length; bin += 1) {
        const inBin = rows.filter(({ digits }) => bins[digits[at] ?? -1] === bin).map(({ score }) => score);
        const plain = (score: number) =>
          Number.isFinite(score) ? score : score > 0 ? 'inf' : score < 0 ? '-inf' : null;
        assert.deepEqual(axis.median[bin], plain(medianOf(inBin)), name);
        assert.deepEqual(axis.best[bin], plain(bestOf(inBin, cube.sign)), name);
        assert.equal(axis.scores[bin], inBin.length);
        const own = inBin.filter(Number.isFinite);
        if (own.length > 0) between += own.length * (own.reduce((sum, one) => sum + one, 0) / own.length - mean) ** 2;
      }
      if (axis.explained === null) assert.ok(!(total > 1e-9), name);
      else assert.ok(Math.abs(axis.explained - between / total) < 1e-9, name);
    }
  }
});

test('bands: counts of what matches, between the axes in their order', () => {
  const cube = CUBES['plain'];
  assert.ok(cube);
  const query = { order: ['a2', 'a0', 'a1'], min: -2, max: 4, brush: { a2: '6..21', a1: 'close..close' } };
  const brushed = brushedOf(cube, query);
  assert.ok('order' in brushed, JSON.stringify(brushed));
  const bands = bandsOf(cube, brushed, scoreBinsOf(cube));
  const rows = rowsOf(cube);
  const matched = rows.filter(({ score, digits }) => {
    const [, word, third] = digits;
    return score >= -2 && score <= 4 && word === 1 && [1, 2, 3, 4].includes(third ?? -1);
  });
  assert.ok(matched.length > 3);
  assert.deepEqual([bands.scores, bands.matched], [rows.length, matched.length]);
  for (const [place, at] of [2, 0, 1].entries()) {
    const axis = bands.axes[place];
    const count = (some: typeof rows) =>
      axis?.from.map((_, value) => some.filter((row) => row.digits[at] === value).length);
    assert.deepEqual([axis?.all, axis?.hits], [count(rows), count(matched)]);
  }
  const [first] = bands.between;
  assert.equal(first?.length, 7 * 4);
  for (const [cell, count] of (first ?? []).entries()) {
    const own = matched.filter(({ digits: [a, , c] }) => (c ?? 0) * 4 + (a ?? 0) === cell);
    assert.equal(count, own.length);
  }
  assert.deepEqual(
    bands.between.map((counts) => counts.reduce((sum, one) => sum + one, 0)),
    [matched.length, matched.length, matched.length],
  );
  assert.equal(
    bands.score.all.reduce((sum, one) => sum + one, 0),
    rows.length,
  );
  const all = brushedOf(cube, { order: null, min: null, max: null, brush: {} });
  assert.ok('order' in all);
  assert.deepEqual(all.order, [0, 1, 2], 'an axis of one value shows nothing');
  assert.equal(bandsOf(cube, all, scoreBinsOf(cube)).matched, rows.length);
});

/** Counts of every axis, every pair and the score, unit by unit. */
function naiveBands(
  cube: Cube,
  brushed: { order: readonly number[]; within: readonly (Uint8Array | null)[]; min: number; max: number },
) {
  const { order, within, min, max } = brushed;
  const rows = rowsOf(cube);
  const finite = rows.map(({ score }) => score).filter(Number.isFinite);
  const [from, to] = finite.length === 0 ? [0, 0] : [Math.min(...finite), Math.max(...finite)];
  const bins = order.map((at) => binsOf(cube.axes[at]?.values.length ?? 0, 60));
  const sizes = [...bins.map((table) => (table.at(-1) ?? 0) + 1), 60];
  const placed = rows.map(({ score, digits }) => ({
    places: [
      ...order.map((at, place) => bins[place]?.[digits[at] ?? -1] ?? -1),
      binOfScore(score, { from, to, bins: 60 }),
    ],
    hit:
      score >= min && score <= max && within.every((marks, axis) => marks === null || marks[digits[axis] ?? -1] === 1),
  }));
  const matched = placed.filter(({ hit }) => hit);
  const counted = (some: typeof placed, size: number, placeOf: (places: readonly number[]) => number) => {
    const counts = Array<number>(size).fill(0);
    for (const { places } of some) counts[placeOf(places)]! += 1;
    return counts;
  };
  const listed = (at: number) => {
    const placeOf = (places: readonly number[]) => places[at] ?? -1;
    return { all: counted(placed, sizes[at] ?? 0, placeOf), hits: counted(matched, sizes[at] ?? 0, placeOf) };
  };
  return {
    scores: rows.length,
    matched: matched.length,
    axes: order.map((_, at) => listed(at)),
    between: order.map((_, at) => {
      const [own = 0, next = 0] = [sizes[at], sizes[at + 1]];
      return counted(matched, own * next, (places) => (places[at] ?? 0) * next + (places[at + 1] ?? 0));
    }),
    score: { from, to, ...listed(order.length) },
  };
}

test('bands of every cube equal counts unit by unit, whatever order of axes, brush and bounds', () => {
  for (const [name, cube] of Object.entries(CUBES)) {
    const keys = cube.axes.map(({ key }) => key);
    const orders = [
      null,
      keys,
      keys.toReversed(),
      keys.slice(0, 1),
      keys.slice(-1),
      [...keys.slice(1), ...keys.slice(0, 1)],
    ];
    const wide = cube.axes.filter(({ values }) => values.length > 1);
    const brushes = [{}, ...wide.map(({ key, values }) => ({ [key]: `${values[0]}..${values.at(-2)}` }))];
    for (const order of orders) {
      for (const brush of brushes) {
        for (const [min, max] of [
          [null, null],
          [-3, 2.5],
        ] as const) {
          const brushed = brushedOf(cube, { order, min, max, brush });
          assert.ok('order' in brushed, JSON.stringify(brushed));
          const { metric, axes, ...bands } = bandsOf(cube, brushed, scoreBinsOf(cube));
          assert.equal(metric, 'sharpe');
          const counts = axes.map(({ all, hits }) => ({ all, hits }));
          assert.deepEqual(
            { ...bands, axes: counts },
            naiveBands(cube, brushed),
            `${name} ${JSON.stringify({ order, brush })}`,
          );
        }
      }
    }
  }
});

test('all that is wrong with a question is told at once', () => {
  const { plain, sample } = CUBES;
  assert.ok(plain && sample);
  const cut = cutOf(plain, { x: 'nope', y: 'a0', how: 'max', hold: { a0: '1', a1: 'high', b: '1' } });
  assert.deepEqual('x' in cut || cut.map(({ path }) => path), ['x', 'hold.a0', 'hold.a1', 'hold.b']);
  const near = cutOf(sample, { x: 'a0', y: 'a0', how: 'near', hold: {} });
  assert.deepEqual('x' in near || near.map(({ path }) => path), ['y', 'how']);
  const bands = brushedOf(plain, {
    order: ['a0', 'a0', 'c'],
    min: 0,
    max: null,
    brush: { a2: '3', a1: 'a..b', d: '1..2' },
  });
  assert.deepEqual('order' in bands || bands.map(({ path }) => path), [
    'order',
    'order',
    'brush.a2',
    'brush.a1',
    'brush.d',
  ]);
});
