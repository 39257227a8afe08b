import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { sha256, sha256Bytes, sha256Of, utf8 } from './sha256.ts';

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the vectors of NIST', () => {
  const vectors = {
    '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu:
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    ['a'.repeat(1_000_000)]: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  };
  for (const [message, hash] of Object.entries(vectors)) assert.equal(sha256(message), hash);
});

test('every length around the block size', () => {
  const next = random(1);
  for (let length = 0; length < 300; length += 1) {
    const bytes = Uint8Array.from({ length }, () => 256 * next());
    assert.equal(sha256(bytes), reference(bytes), `length ${length}`);
  }
});

test('parts in any sizes hash as one message, and shared memory as any other', () => {
  const next = random(2);
  const shared = new Uint8Array(new SharedArrayBuffer(1000)).map(() => 256 * next());
  const parts: Uint8Array[] = [];
  for (let at = 0; at < shared.length;) {
    const end = at + Math.floor(130 * next());
    parts.push(shared.subarray(at, end));
    at = end;
  }
  assert.equal(sha256Of(parts), reference(Uint8Array.from(shared)));
  assert.equal(Buffer.from(sha256Bytes(shared)).toString('hex'), sha256(shared));
});

test('text is hashed as UTF-8', () => {
  const texts = [
    '',
    'plain',
    'e\u00e9\u07ff\u0800\ud7ff\ue000\uffff',
    '\u{10000}\u{1f600}\u{10ffff}',
    'half \ud83d',
    '\udc00 half',
  ];
  for (const text of texts) assert.deepEqual(utf8(text), new Uint8Array(new TextEncoder().encode(text)), text);
});
