import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { canonicalJson } from './canonical.ts';

test('the example of RFC 8785', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\nA\'B"\\\\"/',
    literals: [null, true, false],
  };
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are sorted by UTF-16 code units, at every depth', () => {
  const value = {
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    '1': 4,
    '\u{1f600}': 5,
    '\u0080': 6,
    '\u00f6': { b: 1, a: 2, B: 3 },
  };
  assert.equal(
    canonicalJson(value),
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":{"B":3,"a":2,"b":1},"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
  );
});

test('the order of keys does not matter', () => {
  const next = random(3);
  const entries = Array.from({ length: 20 }, (_, at): [string, unknown] => [`k${at}`, [at, { z: at, a: null }]]);
  const text = canonicalJson(Object.fromEntries(entries));
  for (let round = 0; round < 50; round += 1) {
    const shuffled = entries.map((entry) => ({ entry, at: next() })).sort((a, b) => a.at - b.at);
    assert.equal(canonicalJson(Object.fromEntries(shuffled.map(({ entry }) => entry))), text);
  }
  assert.deepEqual(JSON.parse(text), Object.fromEntries(entries));
});

test('-0 is 0, and a property without a value is none', () => {
  assert.equal(canonicalJson({ a: -0, b: undefined }), '{"a":0}');
});

test('what JSON cannot say is refused', () => {
  for (const value of [NaN, Infinity, undefined, () => 0, 1n, 'half \ud83d', [undefined], { '\ud83d': 1 }]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});
