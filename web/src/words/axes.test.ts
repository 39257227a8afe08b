import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedAxes, placeAt, placeText, valueAt, variantText, variedAxes } from './axes.ts';

const axis = (key: string, stride: number, values: readonly (number | string)[]) => ({
  key,
  stride,
  values: [...values],
  length: values.length,
});

const REQUEST = {
  axes: [
    axis('ma.sma.source', 12, ['close']),
    axis('ma.sma.window', 6, [10, 20]),
    axis('momentum.rsi.window', 2, [2, 3, 4]),
    axis('momentum.rsi.long_threshold', 1, [30, 40]),
  ],
  risk_axes: [axis('sl', 2, ['off', 0.5, 1]), axis('tp', 1, ['off', 5])],
} as unknown as Parameters<typeof namedAxes>[0];

test('axes have short names, and a variant its values by its index', () => {
  const axes = namedAxes(REQUEST);
  assert.deepEqual(
    variedAxes(axes).map(({ label, short }) => [label, short]),
    [
      ['SMA window', 'SMA'],
      ['RSI window', 'RSI'],
      ['RSI long at', 'long at'],
      ['stop', 'stop'],
      ['target', 'target'],
    ],
  );
  // Base 1 * 6 + 2 * 2 + 1 = 11 under risk 2 * 2 + 0 = 4.
  const index = 11 * 6 + 4;
  assert.deepEqual(
    axes.map((one) => valueAt(one, index)),
    ['close', 20, 4, 40, 1, null],
  );
  assert.equal(variantText(axes, index), 'SMA 20 · RSI 4 · long at 40 · stop 1%');
  assert.deepEqual(
    axes.map((one) => placeAt(one, 0)),
    [0, 0, 0, 0, 0, 0],
  );
});

test('two axes that would have one name keep their keys', () => {
  const axes = namedAxes({
    axes: [axis('ma.sma.window', 2, [1, 2]), axis('ma.sma.window', 1, [1, 2])],
    risk_axes: [],
  } as never);
  assert.deepEqual(
    axes.map(({ short }) => short),
    ['ma.sma.window', 'ma.sma.window'],
  );
  assert.equal(variantText(namedAxes({ axes: [], risk_axes: [] }), 0), 'the only variant');
});

test('an axis too long for its values to be listed is told by places', () => {
  const [long] = namedAxes({ axes: [{ key: 'n', stride: 2, length: 20_000 }], risk_axes: [] } as never);
  assert.equal(placeText(long!, 2468), 'value 1,235 of 20,000');
  assert.equal(variantText([long!], 0), 'n value 1 of 20,000');
});
