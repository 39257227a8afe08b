// The external identity provider of backtest.yaml: what its keys must be together.

import { isLoopback } from './loopback.ts';

interface Provider {
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly jwks: string | null;
  readonly algorithms: readonly string[];
}

/** Lists what is wrong with a provider, each with what follows the key of the section. */
export function providerProblems({
  issuer,
  audience,
  jwks,
  algorithms,
}: Provider): readonly { key: string; says: string }[] {
  const given = [issuer, audience, jwks].filter((one) => one !== null).length;
  if (given === 0) return [];
  if (jwks === null || given < 3)
    return [{ key: '', says: 'needs issuer, audience and jwks together, or none of them' }];
  return [
    ...keysProblem(jwks).map((says) => ({ key: '.jwks', says })),
    ...(algorithms.length === 0 ? [{ key: '.algorithms', says: 'must name at least one' }] : []),
  ];
}

function keysProblem(jwks: string): readonly string[] {
  if (!/^https?:/.test(jwks)) return []; // a file, which is read at the start
  if (!URL.canParse(jwks)) return [`must be an address or a file, not "${jwks}"`];
  const open = jwks.startsWith('http:') && !isLoopback(new URL(jwks).hostname);
  return open ? ['must be https: whoever sends the keys decides who signs in'] : [];
}
