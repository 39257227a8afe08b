import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openKept } from './kept.ts';

test('what was not used for longest goes when there are too many bytes; the last one stays, whatever it has', () => {
  const kept = openKept<string>(10);
  kept.put('a', 'A', 4);
  kept.put('b', 'B', 4);
  assert.equal(kept.get('a'), 'A');
  kept.put('c', 'C', 4);
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => kept.get(name)),
    ['A', undefined, 'C'],
  );
  kept.put('c', 'C2', 6);
  assert.deepEqual(
    ['a', 'c'].map((name) => kept.get(name)),
    ['A', 'C2'],
    'one that is put again counts once',
  );
  kept.drop('c');
  kept.put('d', 'D', 6);
  assert.deepEqual(
    ['a', 'c', 'd'].map((name) => kept.get(name)),
    ['A', undefined, 'D'],
  );
  kept.put('large', 'L', 11);
  assert.deepEqual(
    ['a', 'd', 'large'].map((name) => kept.get(name)),
    [undefined, undefined, 'L'],
  );
});
