// Secrets that we make: ids of sessions, tokens, one-time codes. The database has their sha256 only, which is enough for what
// nobody can guess; a password that a person chose needs password.ts.

import { createHash, randomBytes } from 'node:crypto';

/** Beginning of every token, so that it is known for one wherever it turns up. */
export const TOKEN_MARK = 'btj_';
const SHOWN = 6;

/** Makes a secret of 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Makes a token, and the part of it that may be shown later. */
export function newToken(): { readonly token: string; readonly prefix: string } {
  const token = TOKEN_MARK + newSecret();
  return { token, prefix: token.slice(0, TOKEN_MARK.length + SHOWN) };
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'; // 31, without those that look alike

/** Makes a code of 20 letters, 99 random bits, in groups that a person can read out. */
export function newCode(): string {
  const letters: string[] = [];
  while (letters.length < 20) {
    const [byte = 255] = randomBytes(1);
    const letter = LETTERS[byte % 32]; // a byte is one of 32 equally likely; the one without a letter is drawn again
    if (letter !== undefined) letters.push(letter);
  }
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-');
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
