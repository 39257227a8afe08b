import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountName } from './account.ts';
import { hashPassword, isPassword, TooManyPasswords, verifyPassword } from './password.ts';
import { hashSecret, newCode, newToken } from './secret.ts';

test('a password fits its own hash and no other, however its letters are composed', async () => {
  const [first, second] = [await hashPassword('pässword one'), await hashPassword('pässword one')];
  assert.match(first, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(first, second);
  assert.ok(await verifyPassword('pa\u0308ssword one', first));
  assert.ok(!(await verifyPassword('pässword two', first)));
  assert.ok(!(await verifyPassword('', null)));
  await assert.rejects(verifyPassword('x', '$2b$10$abc'), /not one of ours/);
});

test('a hash of another program is read: the reference implementation wrote this one', async () => {
  // hashtest(version, 2, 16, 1, "password", "somesalt", ...) of src/test.c in P-H-C/phc-winner-argon2.
  const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.ok(await verifyPassword('password', known));
  assert.ok(!(await verifyPassword('Password', known)));
});

test('four at once, the fifth is refused, and the next is welcome', async () => {
  const five = await Promise.allSettled(Array.from({ length: 5 }, () => verifyPassword('x', null)));
  assert.deepEqual(
    five.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
  );
  assert.ok(five[4]?.status === 'rejected' && five[4].reason instanceof TooManyPasswords);
  assert.equal(await verifyPassword('x', null), false);
});

test('which passwords and names may be chosen', () => {
  assert.deepEqual(['123456789', '1234567890', '𝒫'.repeat(10), 'x'.repeat(201)].map(isPassword), [
    false,
    true,
    true,
    false,
  ]);
  assert.deepEqual(['Ann', 'a.b+c@d-e_f', '', '.ann', 'ann smith', 'änn', 'x'.repeat(65), 'ann\n'].map(accountName), [
    'ann',
    'a.b+c@d-e_f',
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('secrets: none twice, of enough letters, and their hash is what is stored', () => {
  const codes = Array.from({ length: 500 }, newCode);
  assert.equal(new Set(codes).size, 500);
  for (const code of codes) assert.match(code, /^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  assert.equal(new Set(codes.join('').replaceAll('-', '')).size, 31);
  const { token, prefix } = newToken();
  assert.match(token, /^btj_[\w-]{43}$/);
  assert.ok(token.startsWith(prefix) && prefix.length === 10);
  assert.equal(hashSecret('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
