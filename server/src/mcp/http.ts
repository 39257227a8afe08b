// MCP over streamable HTTP: /mcp, where each request says by its token who asks. The token goes on to the API, which alone
// knows whether it is good; nothing of our own identity is lent to anybody.

import type { IncomingMessage } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isLoopback } from '../config/loopback.ts';
import { openAdmission } from '../reports/admission.ts';
import { askApi, Refusal, type Access, type AccessOf } from './ask-api.ts';
import { openMcpServer } from './server.ts';
import { openSessions, type McpSession, type SessionLimits, type Sessions } from './sessions.ts';

export interface HttpPlace {
  /** Address of the API. */
  readonly api: string;
  readonly host: string;
  readonly port: number;
  /** Names under which it is asked beyond this machine. */
  readonly hosts: readonly string[];
  readonly limits?: SessionLimits;
  /** Milliseconds in which the API must say whose token it is. */
  readonly waitMs?: number;
}

export interface RunningMcp extends AsyncDisposable {
  readonly url: string;
}

/** A spec has at most 1 MB, and is escaped in a message. */
const BODY_LIMIT_BYTES = 2 * 2 ** 20;
const REQUEST_TIMEOUT_MS = 30_000;
const CALLS_OPEN = { things: 'calls', ofUser: 16, ofAll: 256 } as const;

export async function serveHttp(place: HttpPlace): Promise<RunningMcp> {
  const { host, port, api } = place;
  const calls = openAdmission(CALLS_OPEN);
  const accessOf: AccessOf = ({ authInfo }) => accessBy(api, authInfo?.token ?? '');
  const sessions = openSessions(() => openMcpServer({ accessOf, calls }), place.limits);
  const app = Fastify({
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true, // streams of events never end by themselves
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(sendRefusal);
  app.setNotFoundHandler((_request, answer) =>
    sendRefusal(new Refusal(404, 'not_found', 'MCP is at /mcp'), _request, answer),
  );
  app.addHook('onRequest', async (request) => {
    requireOwnSite(request, place.hosts);
    tokenOf(request, place); // before a body is read
  });
  addRoutes(app, { place, sessions });
  const url = `${await app.listen({ host, port })}/mcp`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]();
      await app.close();
    },
  };
}

function accessBy(url: string, token: string): Access {
  return { url, headers: token === '' ? {} : { authorization: `Bearer ${token}` } };
}

interface Parts {
  readonly place: HttpPlace;
  readonly sessions: Sessions;
}

function addRoutes(app: FastifyInstance, { place, sessions }: Parts): void {
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, answer) => {
      const token = tokenOf(request, place);
      const user_id = await userOf(place, token);
      const session = await sessionOf(request, user_id, sessions);
      const raw: IncomingMessage & { auth?: AuthInfo } = request.raw;
      raw.auth = { token, clientId: user_id, scopes: [] };
      answer.hijack();
      const rest = (): void => sessions.rest(session);
      if (request.method !== 'GET' && answer.raw.closed) rest(); // its client left while we asked the API
      else if (request.method !== 'GET') answer.raw.once('close', rest);
      await session.transport.handleRequest(raw, answer.raw, request.body);
    },
  });
  app.route({
    method: ['PUT', 'PATCH', 'OPTIONS'],
    url: '/mcp',
    handler: async (request, answer) => {
      void answer.header('allow', 'GET, POST, DELETE');
      throw new Refusal(405, 'bad_request', `${request.method} is not used here`);
    },
  });
}

/** Refuses what a page of another site may have caused, also one whose name resolves to our address. */
function requireOwnSite(request: FastifyRequest, hosts: readonly string[]): void {
  const { origin } = request.headers;
  if (!isLoopback(request.hostname) && !hosts.includes(request.hostname.toLowerCase())) {
    throw new Refusal(
      403,
      'forbidden',
      `Host ${request.host}: only loopback names are answered, --hosts has the others`,
    );
  }
  if (origin !== undefined && origin !== `http://${request.host}` && origin !== `https://${request.host}`) {
    throw new Refusal(403, 'forbidden', `Origin ${origin}: pages of other sites are not answered`);
  }
}

/** Returns the token of a request; '' on this machine, where the API may know its one user without. */
function tokenOf({ headers, hostname, socket }: FastifyRequest, { host }: HttpPlace): string {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const proxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  // A proxy on this machine that says nothing of itself may still pass the name on under which it was asked.
  const named = isLoopback(host) && isLoopback(hostname);
  const here = named && !proxied && isLoopback((socket.remoteAddress ?? '').replace(/^::ffff:/i, ''));
  if (token === '' && (headers.authorization !== undefined || !here)) throw unauthorized();
  return token;
}

function unauthorized(): Refusal {
  const way = 'send a token of the API (backtest token create) as Authorization: Bearer bt_...';
  return new Refusal(401, 'unauthorized', `nobody is signed in: ${way}`);
}

const Me = z.object({ user_id: z.string() });

/** Asks the API whose token it is, with every request, so that one that was revoked ends at once. */
async function userOf({ api, waitMs = REQUEST_TIMEOUT_MS }: HttpPlace, token: string): Promise<string> {
  const signal = AbortSignal.timeout(waitMs);
  try {
    return Me.parse(await askApi(accessBy(api, token), { path: '/auth/me', signal })).user_id;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401 && token === '') throw unauthorized();
    if (error instanceof Refusal || !signal.aborted) throw error;
    const late = `no answer from the API at ${api}: nothing within ${waitMs / 1000} s`;
    throw new Refusal(503, 'service_unavailable', late);
  }
}

async function sessionOf(
  { headers, method, body }: FastifyRequest,
  user_id: string,
  sessions: Sessions,
): Promise<McpSession> {
  const id = headers['mcp-session-id'];
  if (typeof id === 'string') {
    const found = sessions.find(id, user_id);
    if (found === null) throw new Refusal(404, 'not_found', 'there is no such session of yours: initialize again');
    if (method !== 'GET') found.busy += 1; // a stream of events is open all the time
    return found;
  }
  if (method !== 'POST' || !isInitializeRequest(body)) {
    throw new Refusal(400, 'bad_request', 'Mcp-Session-Id is missing: only initialize goes without');
  }
  const opened = await sessions.open(user_id);
  if (opened === null)
    throw new Refusal(429, 'quota_exceeded', 'too many sessions are at work: end one, or ask again later');
  return opened;
}

/** Codes of JSON-RPC, for clients that read no status. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: -32_600, 404: -32_001 };

function sendRefusal(error: unknown, _request: FastifyRequest, answer: FastifyReply): FastifyReply {
  const { status, code, message, details } = refusalOf(error);
  if (status === 401) void answer.header('www-authenticate', 'Bearer realm="backtest"');
  if (status === 503) void answer.header('retry-after', '1');
  const data = { code, ...(Object.keys(details).length > 0 && { details }) };
  return answer
    .code(status)
    .type('application/json')
    .send(JSON.stringify({ jsonrpc: '2.0', error: { code: RPC_CODES[status] ?? -32_000, message, data }, id: null }));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status === 413)
    return new Refusal(413, 'payload_too_large', `the body is above ${BODY_LIMIT_BYTES / 2 ** 20} MiB`);
  if (error instanceof Error && status < 500) return new Refusal(status, 'bad_request', error.message);
  process.stderr.write(`backtest mcp: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return new Refusal(500, 'unexpected_error', 'something went wrong in the MCP server; its stderr says what');
}
