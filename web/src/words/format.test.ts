import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, axisValue, count, decimal, percent, share, short, signed, span, tone } from './format.ts';

test('numbers have one minus, commas, infinities and a dash for none', () => {
  assert.equal(decimal(-1234.567), '−1,234.57');
  assert.equal(decimal(-0.001), '0.00');
  assert.equal(decimal('inf'), '∞');
  assert.equal(decimal('-inf'), '−∞');
  assert.equal(decimal(null), '–');
  assert.equal(count(1_004_500), '1,004,500');
  assert.equal(percent(2796.4321), '+2,796.4%');
  assert.equal(percent(NaN), '–');
  assert.equal(signed(0.04), '0.0');
  assert.equal(signed('inf'), '+∞');
});

test('a probability is never rounded to certainty', () => {
  assert.deepEqual(
    [0, 0.0004, 0.001, 0.5, 0.9996, 1, null].map((value) => share(value, 1)),
    ['0.0%', '<0.1%', '0.1%', '50.0%', '>99.9%', '100.0%', '–'],
  );
  assert.equal(share(0.002), '<1%');
});

test('counts of axes are short', () => {
  assert.deepEqual([0, 950, 2700, 27_000, 1_200_000, 12_000_000, -4500].map(short), [
    '0',
    '950',
    '2.7k',
    '27k',
    '1.2M',
    '12M',
    '−4.5k',
  ]);
});

test('spans and ages change their unit before they get long', () => {
  assert.deepEqual([0.94, 28.2, 192, 7500, 266_400, null].map(span), [
    '0.9 s',
    '28 s',
    '3 min 12 s',
    '2 h 05 min',
    '3 d 2 h',
    '–',
  ]);
  const now = Date.parse('2026-01-02T00:00:00Z');
  assert.deepEqual(
    ['2026-01-01T23:59:59.9Z', '2026-01-01T23:48:00Z', '2026-01-01T00:00:00Z', '2026-01-02T00:00:05Z'].map((iso) =>
      ago(iso, now),
    ),
    ['1 s ago', '12 min ago', '1 day ago', '1 s ago'],
  );
});

test('values of axes lose their float dust, and off is a word', () => {
  assert.equal(axisValue(0.1 + 0.2), '0.3');
  assert.equal(axisValue(-2), '−2');
  assert.equal(axisValue(null), 'off');
  assert.equal(tone(-1), 'loss');
  assert.equal(tone('inf'), 'gain');
  assert.equal(tone(0), '');
});
