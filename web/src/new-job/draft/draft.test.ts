import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSpec } from '@backtest-jobs/engine';
import { requestHash } from '@backtest-jobs/engine/internal';
import { parse } from 'yaml';
import { draftOf, edit, inOrder, loosened, modeOf, specOf, switchMode, tradingRoot, type Mode } from './draft.ts';
import { at, pathText, put, type PlainObject } from './plain.ts';
import { yamlText } from './yaml-text.ts';

const folder = new URL('../../../../examples/', import.meta.url);
const EXAMPLES = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, parse(readFileSync(new URL(name, folder), 'utf8')) as PlainObject] as const);

const FRESH: Readonly<Record<Mode, PlainObject>> = {
  indicators: { indicator_grids: [{ indicator_id: 'ma.sma' }] },
  rules: { rules: { long: 'close > open' } },
  saved: { strategy_id: '01a22e41-670b-70a7-8ada-c957089b6102' },
};

test('there are examples', () => assert.ok(EXAMPLES.length >= 3));

for (const [name, spec] of EXAMPLES) {
  test(`${name} comes out of a draft as it went in, also by way of YAML and of all ways of writing`, () => {
    const draft = draftOf(spec);
    assert.deepEqual(specOf(draft), spec);
    assert.deepEqual(parse(yamlText(specOf(draft))), spec);
    const there = switchMode(switchMode(draft, 'saved', FRESH), 'rules', FRESH);
    assert.deepEqual(specOf(switchMode(there, modeOf(spec), FRESH)), spec);
    assert.equal(requestHash(parseSpec(specOf(draft))), requestHash(parseSpec(spec)));
  });

  test(`the effective spec of ${name}, with members in any order, keeps its hash`, () => {
    const effective = parseSpec(spec);
    const { runtime, ...stored } = JSON.parse(JSON.stringify(effective)) as PlainObject;
    assert.ok(runtime);
    const shuffled = Object.fromEntries(Object.entries(stored).toReversed());
    const draft = draftOf({ ...shuffled, runtime });
    assert.equal(requestHash(parseSpec(specOf(draft))), requestHash(effective));
    assert.equal(Object.keys(specOf(draft))[0], 'name');
  });
}

test('a way of writing that was left is there again, and trading stays', () => {
  const rules = draftOf({
    template: { timeframe: '1d', rules: { long: 'close > open' }, direction_mode: 'long-only' },
  });
  const indicators = switchMode(rules, 'indicators', FRESH);
  assert.deepEqual(specOf(indicators), {
    template: { timeframe: '1d', indicator_grids: [{ indicator_id: 'ma.sma' }], direction_mode: 'long-only' },
  });
  const saved = switchMode(indicators, 'saved', FRESH);
  assert.deepEqual(specOf(saved), FRESH.saved);
  assert.equal(tradingRoot(specOf(saved)), 'overrides');
  assert.equal(at(specOf(switchMode(saved, 'rules', FRESH)), ['template', 'rules', 'long']), 'close > open');
});

test('a clone whose work changes has an automatic warm-up and luck test again; its name changes nothing', () => {
  const origin = { job_id: 'x', name: 'x', trials: 1, how: '', isExact: true };
  const clone = draftOf({ warmup_bars: 276, luck: { permutations: 99, variants: 100 }, top_k: 3 }, origin);
  assert.equal(specOf(edit(clone, ['name'], 'other'))['warmup_bars'], 276);
  assert.deepEqual(specOf(edit(clone, ['top_k'], 5)), { top_k: 5 });
  assert.deepEqual(loosened({ luck: { permutations: 0, variants: 0 } }), { luck: 'off' });
  assert.deepEqual(loosened({ luck: { permutations: 0, variants: 9, skipped: 'too_much_work' } }), {});
});

test('paths read and change, and take out what they leave empty', () => {
  const value = { a: [{ b: 1 }, { b: 2 }], c: { 'd.e': { f: 3 } } };
  assert.equal(at(value, ['a', 1, 'b']), 2);
  assert.equal(at(value, ['c', 'toString']), undefined);
  assert.deepEqual(put(value, ['c', 'd.e', 'f'], undefined), { a: value.a });
  assert.deepEqual(put(value, ['a', 0], undefined), { a: [{ b: 2 }], c: value.c });
  assert.deepEqual(put({}, ['x', 'y', 0], 'z'), { x: { y: ['z'] } });
  assert.equal(pathText(['a', 1, 'd.e']), 'a[1].d.e');
});

test('members that users name stay in their order', () => {
  assert.deepEqual(Object.keys(inOrder({ template: { params: { slow: 1, end: 2, fast: 3 } } })['template'] as object), [
    'params',
  ]);
  const params = at(inOrder({ template: { params: { slow: 1, end: 2, start: 3 } } }), ['template', 'params']);
  assert.deepEqual(Object.keys(params as object), ['slow', 'end', 'start']);
});
