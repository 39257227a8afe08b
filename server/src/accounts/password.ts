// Passwords: argon2id of Node, in the form that other programs write too ($argon2id$v=19$m=...). One takes 46 MiB and some
// 90 ms, so at most four are computed at once; more are refused, so that guessing cannot take the memory or all threads.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export const PASSWORD_RULE = 'must have 10 to 200 characters';

/** Returns whether a password may be chosen. */
export function isPassword(text: string): boolean {
  const characters = Array.from(text).length;
  return characters >= 10 && characters <= 200;
}

/** Four passwords are being computed already: try again in a moment. */
export class TooManyPasswords extends Error {
  override readonly name = 'TooManyPasswords';
}

// OWASP's first choice for argon2id: 46 MiB, one pass, one lane.
const COST = { memory: 47_104, passes: 1, parallelism: 1 } as const;
const TAG_BYTES = 32;
const MOST_AT_ONCE = 4;
let computing = 0;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, COST, TAG_BYTES);
  const cost = `m=${COST.memory},t=${COST.passes},p=${COST.parallelism}`;
  return `$argon2id$v=19$${cost}$${unpadded(salt)}$${unpadded(tag)}`;
}

/**
 * Compares a password with a hash. Without a hash it compares with one that no password has, in the same time.
 * @throws {TooManyPasswords}
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', tag = ''] = PARTS.exec(hash ?? NOBODYS) ?? [];
  const expected = Buffer.from(tag, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(lanes) };
  if (expected.length < 16 || cost.memory > MOST_MEMORY)
    throw new Error('the stored hash of a password is not one of ours');
  const found = await derive(password, Buffer.from(salt, 'base64'), cost, expected.length);
  return timingSafeEqual(found, expected) && hash !== null;
}

const PARTS = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const MOST_MEMORY = 2 ** 20; // KiB
const NOBODYS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

async function derive(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  if (computing >= MOST_AT_ONCE) {
    throw new TooManyPasswords(
      `${MOST_AT_ONCE} passwords are being checked, as many as are at once: try again in a moment`,
    );
  }
  computing += 1;
  try {
    // NFKC: keyboards write the same letter in several ways (NIST SP 800-63B, 5.1.1.2).
    const message = Buffer.from(password.normalize('NFKC'), 'utf8');
    return Buffer.from(await argon('argon2id', { ...cost, message, nonce, tagLength }));
  } finally {
    computing -= 1;
  }
}

const argon = promisify(argon2);

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
