import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisLength, axisValues, isExact, single, type Range } from './axis.ts';
import { random } from './grid/random.ts';

const range = (start: number, stop_incl: number, step: number): Range => ({ mode: 'range', start, stop_incl, step });

test('ranges count in decimal', () => {
  const cases: readonly (readonly [Range, readonly number[]])[] = [
    [range(0.1, 0.5, 0.1), [0.1, 0.2, 0.3, 0.4, 0.5]],
    [range(1, 2, 0.3), [1, 1.3, 1.6, 1.9]],
    [range(5, 5, 1), [5]],
    [range(-0.2, 0.2, 0.1), [-0.2, -0.1, 0, 0.1, 0.2]],
    [range(0.1, 0.30000000000000004, 0.1), [0.1, 0.2, 0.3]],
    [range(0.1, 0.29999999999999993, 0.1), [0.1, 0.2]],
    [range(1e-7, 3e-7, 1e-7), [1e-7, 2e-7, 3e-7]],
    [range(100, 300, 100), [100, 200, 300]],
    [range(1e14, 1e14 + 2, 1), [1e14, 1e14 + 1, 1e14 + 2]],
    [range(3, 2, 1), []],
  ];
  for (const [axis, values] of cases) {
    assert.deepEqual(axisValues(axis), values);
    assert.equal(axisLength(axis), values.length);
  }
  assert.ok(axisValues(range(-0.2, 0.2, 0.1)).every((value) => !Object.is(value, -0)));
});

test('any range has the values that counting in whole units gives, read back as decimal text', () => {
  const next = random(4);
  for (let round = 0; round < 2000; round += 1) {
    const places = Math.floor(next() * 8);
    const whole = (most: number): number => Math.floor(next() * most);
    const [first, step, more] = [whole(100_000) - 50_000, 1 + whole(1000), whole(20_000)];
    const decimal = (units: number): number => Number(`${units}e-${places}`);
    const axis = range(decimal(first), decimal(first + more), decimal(step));
    const expected: number[] = [];
    for (let units = first; units <= first + more; units += step) expected.push(decimal(units));
    assert.deepEqual(axisValues(axis), expected, JSON.stringify(axis));
    assert.ok(isExact(axis));
  }
});

test('powers of ten are exact as far as ranges use them', () => {
  for (let places = 0; places <= 22; places += 1) assert.equal(10 ** places, Number(`1e${places}`));
});

test('a range is exact up to 15 digits', () => {
  assert.ok(isExact(range(1, 1e15, 1e14)));
  assert.ok(isExact(range(1e-22, 2e-22, 1e-22)));
  assert.ok(isExact(range(0, 1, 1e-15)));
  assert.ok(!isExact(range(0, 1, 1e-16)));
  assert.ok(!isExact(range(0, 1e16, 1)));
  assert.ok(!isExact(range(1e-23, 2e-23, 1e-23)));
});

test('a listed axis is as it was listed', () => {
  assert.deepEqual(axisValues({ mode: 'explicit', values: [3, 1, 'off'] }), [3, 1, 'off']);
  assert.deepEqual(axisValues(single('close')), ['close']);
});
