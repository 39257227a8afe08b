import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { normalCdf, normalInverse } from './normal.ts';

/** Computed with forty digits (mpmath's erfc). */
const CDF = [
  [-37, 5.725571222524577e-300],
  [-20, 2.7536241186062337e-89],
  [-8.3, 5.205569744890254e-17],
  [-5, 2.866515718791939e-7],
  [-3.1, 0.0009676032132183566],
  [-2, 0.02275013194817921],
  [-1.25, 0.10564977366685525],
  [-1, 0.15865525393145705],
  [-0.999, 0.1588973456413183],
  [-0.7, 0.24196365222307303],
  [-0.1, 0.460172162722971],
  [-1e-9, 0.49999999960105773],
  [0.3, 0.6179114221889527],
  [0.9, 0.8159398746532405],
  [1.5, 0.9331927987311419],
  [2.75, 0.9970202367649454],
  [4, 0.9999683287581669],
  [8, 0.9999999999999993],
] as const;
const INVERSE = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-9, -5.9978070150076865],
  [0.001, -3.0902323061678136],
  [0.02425, -1.972961051311885],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.49999, -2.5066282748960008e-5],
  [0.75, 0.6744897501960817],
  [0.975, 1.9599639845400538],
  [1 - 2 ** -40, 7.047700256664409],
] as const;

function assertDigits(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${what}: ${actual}, expected ${expected}`);
}

test('the cdf keeps the digits of a double, in the tails too', () => {
  for (const [x, p] of CDF) assertDigits(normalCdf(x), p, 2e-15, `cdf(${x})`);
  assert.deepEqual([-Infinity, -40, 0, 40, Infinity, NaN].map(normalCdf), [0, 0, 0.5, 1, 1, NaN]);
});

test('the inverse does as well', () => {
  for (const [p, x] of INVERSE) assertDigits(normalInverse(p), x, 2e-15, `inverse(${p})`);
  assert.deepEqual([0, 0.5, 1, -0.1, 1.1, NaN].map(normalInverse), [-Infinity, 0, Infinity, NaN, NaN, NaN]);
});

test('each undoes the other, and the cdf never falls', () => {
  const next = random(5);
  for (let round = 0; round < 5000; round += 1) {
    const p = 10 ** (-12 * next()) / 2;
    assertDigits(normalCdf(normalInverse(p)), p, 1e-14, `cdf of the inverse of ${p}`);
    assert.equal(normalInverse(1 - p), -normalInverse(1 - (1 - p)));
    const x = 12 * next() - 6;
    assert.ok(normalCdf(x) <= normalCdf(x + 1e-9), `at ${x}`);
    assert.ok(Math.abs(normalCdf(x) + normalCdf(-x) - 1) < 3e-16, `at ${x}`);
  }
});
