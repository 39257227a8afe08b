// Bodies are JSON, or YAML, which a judge reads: its parser may take long. The reply to a broken one names the place where
// it breaks, the key that stands twice, or where it nests too deeply; none at all is left to the route.

import { Socket } from 'node:net';
import { SpecError } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { keyProblems } from '../reports/json-keys.ts';
import type { Judges } from '../reports/judges.ts';
import { refuseNonsense } from './errors.ts';

/** Time in which the body of a request must have arrived; an upload bounds its own. */
const ARRIVAL_MS = 30_000;

/**
 * Ends the connection of a client whose body does not arrive in time. A limit of the whole server, which Node has, would be too
 * short for uploads or too long for all others.
 */
export function limitArrival(app: FastifyInstance, ms = ARRIVAL_MS): void {
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = raw.headers;
    if (routeOptions.config.upload === true || (length === '0' && encoding === undefined)) return;
    const late = (): void => {
      if (raw.complete || !(raw.socket instanceof Socket)) return;
      refuseNonsense(Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket);
      raw.socket.destroySoon();
    };
    const timer = setTimeout(late, ms).unref();
    const arrived = (): void => clearTimeout(timer);
    raw.once('end', arrived);
    raw.once('close', arrived); // of a request that was refused before its body was read
  });
}

export function readBodies(app: FastifyInstance, judges: Judges): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined);
    return parse(request, text, (error, body) => {
      if (error) return done(specError('', 'malformed_json', faultOf(text)));
      const problems = keyProblems(text);
      return problems.length > 0 ? done(new SpecError(problems)) : done(null, body);
    });
  });
  app.addContentTypeParser(
    YAML,
    { parseAs: 'string' },
    async ({ raw: { socket }, user_id }: FastifyRequest, text: string) => {
      if (text === '') return undefined;
      const left = new AbortController();
      const leave = (): void => left.abort(new Error('the client has left'));
      socket.once('close', leave); // a connection has many requests, so the listener goes with this one
      try {
        const answer = await judges.judge({ kind: 'yaml', text }, { user_id: user_id ?? '', signal: left.signal });
        return 'value' in answer ? answer.value : undefined;
      } finally {
        socket.off('close', leave);
      }
    },
  );
}

export const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml'];

function faultOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return `the body is not JSON: ${error instanceof Error ? error.message : ''}`;
  }
  return 'the keys __proto__ and constructor.prototype are not accepted';
}
