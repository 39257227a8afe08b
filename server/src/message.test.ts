import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storable, storableJson } from './message.ts';

const HALF = '\ud83d';
const FACE = '\u{1F600}';

test('NUL and half characters are replaced wherever they stand, whole ones stay', () => {
  assert.equal(storable(`a\0b${HALF}c${FACE}d\udE00`), `a\uFFFDb\uFFFDc${FACE}d\uFFFD`);
  assert.equal(storable('plain'), 'plain');
  assert.deepEqual(storableJson({ [`n\0`]: [`x${HALF}`, 1, null, { deep: '\0' }], ok: true }), {
    ['n\uFFFD']: ['x\uFFFD', 1, null, { deep: '\uFFFD' }],
    ok: true,
  });
});

test('a text is cut before a character, never within one', () => {
  for (let most = 0; most < 12; most += 1) {
    const cut = storable(FACE.repeat(5), most);
    assert.ok(cut.isWellFormed() && cut.length <= most && cut.length >= most - 1);
    assert.equal(cut, FACE.repeat(Math.floor(most / 2)));
  }
  assert.equal(storable('x'.repeat(299) + FACE, 300), 'x'.repeat(299));
  assert.equal(storable('short', 300), 'short');
});
