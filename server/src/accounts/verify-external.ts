// Tokens (JWT) of an external identity provider: whose they are, by its keys, for this server only. The algorithms are pinned,
// so that a token cannot choose how it is verified; an identity is issuer and subject, never an e-mail address.

import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { fromCaller } from '../config/paths.ts';
import { messageOf } from '../message.ts';

export interface ExternalSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Address or file of the keys. */
  readonly jwks: string;
  readonly algorithms: readonly string[];
}

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

interface Verified extends Identity {
  /** Epoch milliseconds at which the token is over. */
  readonly until: number;
}

/** The keys of the provider cannot be read: nobody can tell whether a token is good. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable';
}

/** Whose a token is; null: it is not good. */
export type VerifyExternal = (token: string) => Promise<Verified | null>;

const KeySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });
const MOST_CHARACTERS = 8192;
const CLOCKS_DIFFER_SECONDS = 30;
const KEYS_MS = 5000;

/** Throws when a file of keys is none. */
export function openVerifier({ issuer, audience, jwks, algorithms }: ExternalSettings): VerifyExternal {
  const keys = isAddress(jwks)
    ? createRemoteJWKSet(new URL(jwks), { timeoutDuration: KEYS_MS })
    : createLocalJWKSet(readKeys(jwks));
  const rules = {
    issuer,
    audience,
    algorithms: [...algorithms],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCKS_DIFFER_SECONDS,
  };
  return async (token) => {
    if (token.length > MOST_CHARACTERS) return null;
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      const { sub = '', exp = 0 } = payload;
      const until = 1000 * (exp + CLOCKS_DIFFER_SECONDS);
      return sub.length >= 1 && sub.length <= 255 && !sub.includes('\0') ? { issuer, subject: sub, until } : null;
    } catch (error) {
      if (error instanceof errors.JOSEError && NOT_GOOD.test(error.code)) return null;
      throw new KeysUnreachable(`the keys of the identity provider cannot be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
  };
}

// What a token can be wrong by; every other error is of the keys or on their way here.
const NOT_GOOD =
  /^ERR_(?:JWT_|JWS_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/;

function isAddress(jwks: string): boolean {
  return /^https?:\/\//.test(jwks);
}

function readKeys(path: string): JSONWebKeySet {
  try {
    return KeySet.parse(JSON.parse(readFileSync(fromCaller(path), 'utf8')));
  } catch (error) {
    const rule = 'it must be a JSON file {"keys": [...]} of public keys (JWKS), or an address that serves one';
    throw new Error(
      `backtest.accounts.external.jwks ${path} cannot be read: ${messageOf(error).slice(0, 200)}; ${rule}`,
      {
        cause: error,
      },
    );
  }
}
