// The cookie of a session. Where the connection is private it has the prefix __Host-, which browsers give to this host alone
// and never send or take over plain http; on plain http it exists on this machine only.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/loopback.ts';
import { isForeign } from './cors.ts';

export interface CookieRules {
  /** Whether cookies are Secure even where this server sees plain http: production is behind TLS. */
  readonly alwaysSecure: boolean;
  /** Hours after which a browser forgets it. */
  readonly hours: number;
}

/** Returns whether a cookie may travel: over TLS, or without leaving this machine. */
export function isPrivate({ protocol, hostname }: FastifyRequest): boolean {
  return protocol === 'https' || isLoopback(hostname);
}

/** Returns the secret of the session, null when the request has none. */
export function readSession(request: FastifyRequest, rules: CookieRules): string | null {
  return isPrivate(request) && !isForeign(request) ? readCookie(request, nameOf(request, rules)) : null;
}

export function setSession(request: FastifyRequest, answer: FastifyReply, rules: CookieRules, secret: string): void {
  setCookie(request, answer, rules, `${secret}; Max-Age=${Math.floor(rules.hours * 3600)}`);
}

export function clearSession(request: FastifyRequest, answer: FastifyReply, rules: CookieRules): void {
  setCookie(request, answer, rules, '; Max-Age=0');
}

/** Returns the value of a cookie; the first one where several have the name. */
export function readCookie({ headers: { cookie = '' } }: FastifyRequest, name: string): string | null {
  const pair = cookie.split(';').find((one) => one.trimStart().startsWith(`${name}=`));
  return pair === undefined ? null : pair.slice(pair.indexOf('=') + 1).trim();
}

function setCookie(request: FastifyRequest, answer: FastifyReply, rules: CookieRules, value: string): void {
  const secure = isSecure(request, rules) ? '; Secure' : '';
  void answer.header('set-cookie', `${nameOf(request, rules)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`);
}

function nameOf(request: FastifyRequest, rules: CookieRules): string {
  return isSecure(request, rules) ? '__Host-backtest_session' : 'backtest_session';
}

function isSecure({ protocol }: FastifyRequest, { alwaysSecure }: CookieRules): boolean {
  return alwaysSecure || protocol === 'https';
}
