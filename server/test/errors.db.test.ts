// Every code that the OpenAPI document lists is provoked on every operation that lists it, and looks as documented; and what an
// operation answers here, its document lists. A route that comes later is asked in the same ways, or must say here in which.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildApi } from '../src/api.ts';
import { ErrorReply, ERRORS } from '../src/api/errors.ts';
import { openPool } from '../src/db.ts';
import { openVariantReports } from '../src/reports/reporter.ts';
import { assertShape, testConfig } from './api.ts';
import { openHouse, PASSWORD, SPEC, type Headers, type House, type Person } from './house.ts';

interface Described {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;
}

interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters?: readonly { readonly in: string }[];
  readonly requestBody?: object;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, Described>>;
}

interface Asked extends Omit<InjectOptions, 'method' | 'headers'> {
  readonly headers?: Headers;
  readonly on?: FastifyInstance;
}

const NOBODYS = '018f4c5e-1111-7222-8333-444455556666';
const JSON_TYPE = { 'content-type': 'application/json' };
/** A form that is refused before its body is read. */
const JSON_FORM = { payload: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } };
const CANDLES = 'market_id=5&symbol=%5EGSPC&timeframe=1d';
const cellOf = (job_id: string): string => `/backtests/jobs/${job_id}/surface/cell?x=ma.sma.window&i=0&j=0`;

describe('the codes of the OpenAPI document', () => {
  let house: House;
  let ann: Person;
  let root: Person;
  let job_id: string;
  let operations: readonly Operation[];
  const others: FastifyInstance[] = [];
  /** `operationId code` of what was answered. */
  const seen = new Set<string>();

  before(async () => {
    house = await openHouse('prod');
    ann = await house.enter('ann');
    root = await house.enter('root', 'admin');
    job_id = await house.run(ann);
    const { paths, components } = (await house.app.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>;
      components: { responses: Readonly<Record<string, Described>> };
    }>();
    // Each error stands once in the document, and routes refer to it.
    const resolved = (response: Described & { readonly $ref?: string }): Described =>
      components.responses[response.$ref?.split('/').at(-1) ?? ''] ?? response;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const responses = Object.fromEntries(
          Object.entries(operation.responses).map(([code, one]) => [code, resolved(one)]),
        );
        return Object.assign(operation, { method: method.toUpperCase(), path, responses });
      }),
    );
  });

  after(async () => {
    for (const app of others) await app.close();
    await house[Symbol.asyncDispose]();
  });

  /** Another server in the same house. */
  async function server(changes: Partial<Parameters<typeof buildApi>[0]>): Promise<FastifyInstance> {
    const app = await buildApi({ ...house.parts, ...changes });
    others.push(app);
    return app;
  }

  const having = (code: number) => operations.filter(({ responses }) => responses[code] !== undefined);
  const named = (id: string): Operation => {
    const found = operations.find(({ operationId }) => operationId === id);
    assert.ok(found, id);
    return found;
  };
  const urlOf = ({ path }: Operation, id = NOBODYS) => path.replaceAll(/\{\w+\}/g, id);
  const takesBody = ({ method }: Operation) => method !== 'GET';
  /** Credentials that the operation takes: a token where one gets there, else the session of the administrator. */
  const credentials = ({ security }: Operation): Headers =>
    security.length === 0 ? {} : security.some((one) => one['token']) ? ann.token : root.cookie;

  function judge({ operationId, responses }: Operation, code: number, body: string, headers: Headers): void {
    seen.add(`${operationId} ${code}`);
    const documented = responses[code];
    assert.ok(documented, `${operationId}: ${code} is not documented: ${body.slice(0, 300)}`);
    if (code < 400) return;
    assert.equal(documented.content?.['application/json']?.schema.$ref, '#/components/schemas/Error');
    const { error } = assertShape(ErrorReply, JSON.parse(body));
    assert.ok(documented.description.startsWith(`${error.code}: `), `${operationId}: ${error.code}`);
    assert.equal(ERRORS[error.code as keyof typeof ERRORS].status, code);
    if (code === 503) assert.match(headers['retry-after'] ?? '', /^\d+$/);
    if (code === 401) assert.ok(headers['www-authenticate']);
  }

  /** Asks an operation, which must answer so, as documented. */
  async function answers(operation: Operation, code: number, { on = house.app, headers, ...more }: Asked = {}) {
    const request = { url: urlOf(operation), ...more, headers: headers ?? credentials(operation) };
    const reply = await on.inject({ ...request, method: operation.method as 'GET' });
    judge(operation, reply.statusCode, reply.body, reply.headers as Headers);
    assert.equal(reply.statusCode, code, `${operation.operationId}: ${reply.body.slice(0, 300)}`);
    return reply;
  }

  test('400: headers that are too large, on a socket', async () => {
    const { hostname, port } = new URL(house.url);
    for (const operation of having(400)) {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (bytes) => (text += String(bytes))).on('error', () => {});
      socket.write(
        `${operation.method} ${urlOf(operation)} HTTP/1.1\r\nhost: x\r\nx-pad: ${'x'.repeat(20_000)}\r\n\r\n`,
      );
      await once(socket, 'close');
      const [head = '', body = ''] = text.split('\r\n\r\n');
      assert.match(head, /^HTTP\/1\.1 400 /, operation.operationId);
      judge(operation, 400, body, {});
    }
  });

  test('401: nobody, and what proves nothing', async () => {
    for (const operation of having(401)) {
      const open = operation.security.length === 0;
      const payload = { name: 'nobody', password: PASSWORD, code: 'aaaaa-aaaaa', new_password: PASSWORD };
      const { password, code, new_password, name } = payload;
      const body = operation.operationId === 'signIn' ? { name, password } : { name, code, new_password };
      await answers(operation, 401, { headers: {}, ...(open && { payload: body }) });
      if (open) continue;
      await answers(operation, 401, { headers: { cookie: '__Host-backtest_session=made-up' } });
      await answers(operation, 401, { headers: { authorization: 'Basic YTpi' } });
    }
  });

  test('403: a foreign name of the server, and a token without the scope', async () => {
    const scopes = new Map<string, Headers>();
    for (const scope of ['read', 'candles']) {
      const request = { url: '/auth/tokens', headers: ann.cookie, payload: { name: scope, scopes: [scope] } };
      const { token } = (await house.app.inject({ ...request, method: 'POST' })).json<{ token: string }>();
      scopes.set(scope, { authorization: `Bearer ${token}` });
    }
    for (const operation of having(403)) {
      await answers(operation, 403, { headers: { ...credentials(operation), host: 'evil.example' } });
      if (operation.security.length === 0) continue;
      const wanted = operation.security.flatMap((one) => one['token'] ?? []);
      const without = wanted.includes('candles') ? 'read' : 'candles';
      await answers(operation, 403, { headers: scopes.get(without) ?? {} });
    }
  });

  test('404: what nobody has', async () => {
    const asked: Readonly<Record<string, Asked>> = {
      getCandles: { url: '/market-data/candles?market_id=5&symbol=NOTHING&timeframe=1d' },
      getSurfaceCell: { url: cellOf(NOBODYS) },
      reportVariant: { payload: { job_id: NOBODYS, rank: 1 } },
    };
    for (const operation of having(404)) await answers(operation, 404, asked[operation.operationId]);
  });

  test('405: each method that an address has not, with those that it has', async () => {
    for (const path of new Set(operations.map((one) => one.path))) {
      const methods = new Set(operations.filter((one) => one.path === path).map(({ method }) => method));
      if (methods.has('GET')) methods.add('HEAD');
      const allow = [...methods].sort().join(', ');
      for (const method of ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'] as const) {
        if (methods.has(method)) continue;
        for (const prefix of ['', '/api']) {
          const url = `${prefix}${path.replaceAll(/\{\w+\}/g, NOBODYS)}`;
          const reply = await house.app.inject({ method: method as 'GET', url, headers: { ...ann.token } });
          assert.deepEqual([reply.statusCode, reply.headers['allow']], [405, allow], `${method} ${url}`);
          if (method !== 'HEAD') assert.equal(assertShape(ErrorReply, reply.json()).error.code, 'method_not_allowed');
        }
      }
    }
  });

  test('409: what stands against it', async () => {
    const local = await server({ place: { environment: 'test', host: '127.0.0.1' } });
    const settings = { kind: 'clickhouse', url: new URL('http://127.0.0.1:9'), table: 'candles' };
    const elsewhere = openVariantReports(settings as unknown as Parameters<typeof openVariantReports>[0]);
    const clickhouse = await server({ reports: elsewhere });
    const made = await house.app.inject({
      method: 'POST',
      url: '/backtests/jobs',
      headers: { ...ann.cookie, 'idempotency-key': 'once' },
      payload: SPEC,
    });
    const strategy = { name: 'taken', template: SPEC.template };
    await house.app.inject({ method: 'POST', url: '/strategies', headers: ann.cookie, payload: strategy });
    const asked: Readonly<Record<string, Asked>> = {
      submitJob: { headers: { ...ann.token, 'idempotency-key': 'once' }, payload: { ...SPEC, top_k: 4 } },
      deleteJob: { url: `/backtests/jobs/${made.json<{ job_id: string }>().job_id}` },
      saveStrategy: { payload: strategy },
      changePassword: { on: local, headers: {}, payload: { old_password: PASSWORD, new_password: PASSWORD } },
      createToken: { on: local, headers: {}, payload: { name: 'no', scopes: ['read'] } },
      addAccount: { payload: { name: 'ann' } },
      disableAccount: { url: `/auth/accounts/${root.user_id}/disable` },
      stageImport: { on: clickhouse, ...JSON_FORM },
      getImport: { on: clickhouse },
      listImports: { on: clickhouse },
      deleteImport: { on: clickhouse },
      commitImport: { on: clickhouse },
    };
    for (const operation of having(409)) {
      const ask = asked[operation.operationId];
      assert.ok(ask, `${operation.operationId}: say what stands against it`);
      const headers = { ...credentials(operation), ...ask.headers };
      await answers(operation, 409, { ...ask, headers: ask.on === local ? {} : headers });
    }
    await elsewhere[Symbol.asyncDispose]();
  });

  /** Sends a form with a file, to a server that listens, for its body bounds the time of its socket. */
  async function sends(code: number, url: string, file: string, symbol: string): Promise<string> {
    const form = new FormData();
    form.append('market_id', '1');
    form.append(symbol, 'BTCUSDT');
    form.append('file', new Blob([file]), 'hours.csv');
    const headers = { authorization: ann.token['authorization'] ?? '' };
    const reply = await fetch(`${url}/market-data/imports`, { method: 'POST', headers, body: form });
    const body = await reply.text();
    judge(named('stageImport'), reply.status, body, {});
    assert.equal(reply.status, code, body);
    return body;
  }

  test('413 and 415: bodies too large and of another type', async () => {
    const { backtest, ...config } = testConfig();
    const imports = { ...backtest.imports, max_file_bytes: 1000 };
    const small = await server({ config: { ...config, backtest: { ...backtest, imports } } });
    await sends(413, await small.listen({ host: '127.0.0.1', port: 0 }), 'x'.repeat(2000), 'symbol');
    for (const operation of operations.filter(takesBody)) {
      const headers = { ...credentials(operation), ...JSON_TYPE };
      const payload = JSON.stringify({ name: 'x'.repeat(1_100_000) });
      if (operation.operationId !== 'stageImport') await answers(operation, 413, { headers, payload });
      await answers(operation, 415, { headers: { ...headers, 'content-type': 'text/x' }, payload: 'x' });
    }
  });

  test('422: broken bodies, unknown fields and parameters, each with its path', async () => {
    const problems = (body: string) => assertShape(ErrorReply, JSON.parse(body)).error.details.errors ?? [];
    for (const operation of having(422)) {
      const { operationId, path, requestBody, parameters = [] } = operation;
      const headers = { ...credentials(operation), ...JSON_TYPE };
      if (operationId === 'stageImport') {
        const body = await sends(422, house.url, 'x', 'nothing');
        assert.deepEqual(
          problems(body).map((one) => `${one.path} ${one.code}`),
          ['nothing unknown_field', 'symbol required'],
        );
        continue;
      }
      if (takesBody(operation)) {
        const reply = await answers(operation, 422, { headers, payload: '{"a": ' });
        assert.equal(problems(reply.body)[0]?.code, 'malformed_json', operationId);
      }
      if (requestBody) {
        const reply = await answers(operation, 422, { headers, payload: { nothing: 1, less: 2 } });
        const paths = problems(reply.body).map((one) => one.path);
        for (const one of ['nothing', 'less']) assert.ok(paths.includes(one), `${operationId}: ${reply.body}`);
        assert.deepEqual(paths, [...paths].sort(), operationId);
      }
      if (path.includes('{')) {
        const reply = await answers(operation, 422, { url: urlOf(operation, 'seven') });
        assert.match(problems(reply.body)[0]?.path ?? '', /_id$/);
      } else if (parameters.some((one) => one.in === 'query')) {
        const reply = await answers(operation, 422, {
          url: `${path}?nothing=1`,
          ...(requestBody && { payload: SPEC }),
        });
        assert.ok(problems(reply.body).some((one) => one.path === 'nothing'));
      } else if (!takesBody(operation)) {
        await answers(operation, 422, { headers: { ...headers, 'last-event-id': 'x'.repeat(101) } });
      }
    }
  });

  test('429: more requests than a user may make, more sign-ins than an address', async () => {
    const { backtest, ...config } = testConfig();
    const api = { ...backtest.api, max_requests_per_minute_per_user: 10 };
    const on = await server({ config: { ...config, backtest: { ...backtest, api } } });
    for (const operation of having(429)) {
      if (operation.security.length > 0) {
        // One request comes back every six seconds, so the question follows at once.
        const asIf = { on, headers: credentials(operation) };
        while ((await on.inject({ url: '/auth/me', headers: { ...asIf.headers } })).statusCode === 200);
        const { headers } = await answers(operation, 429, asIf);
        assert.match(String(headers['retry-after']), /^\d+$/);
        continue;
      }
      const { operationId } = operation;
      const more = operationId === 'signIn' ? { password: PASSWORD } : { code: 'aaaaa', new_password: PASSWORD };
      const payload = { name: 'nobody', ...more };
      const remoteAddress = operationId === 'signIn' ? '10.0.0.1' : '10.0.0.2';
      const ask = () => on.inject({ method: 'POST', url: urlOf(operation), payload, remoteAddress });
      for (let n = 0; n < 4; n += 1) assert.equal((await ask()).statusCode, 401);
      const replies = await Promise.all(Array.from({ length: 12 }, ask));
      for (const { statusCode, body, headers } of replies) judge(operation, statusCode, body, headers as Headers);
      assert.ok(replies.some(({ statusCode }) => statusCode === 429));
    }
  });

  test('304: what the client has already', async () => {
    const urls: Readonly<Record<string, string>> = {
      getCandles: `/market-data/candles?${CANDLES}`,
      getSurfaceCell: cellOf(job_id),
    };
    for (const operation of having(304)) {
      const url = urls[operation.operationId] ?? urlOf(operation, job_id);
      // Candles are read within 20 s, which a busy machine may need more than once.
      let first = await house.app.inject({ url, headers: { ...ann.token } });
      for (let n = 0; n < 5 && first.statusCode === 503; n += 1)
        first = await house.app.inject({ url, headers: { ...ann.token } });
      assert.equal(first.statusCode, 200, first.body);
      const { headers } = first;
      const { body } = await answers(operation, 304, {
        url,
        headers: { ...ann.token, 'if-none-match': String(headers['etag']) },
      });
      assert.equal(body, '');
    }
  });

  test('503: no database', async () => {
    const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere', { connectTimeoutMs: 2000 });
    const on = await server({ pool });
    const person = { name: 'ann', password: PASSWORD };
    const code = { name: 'ann', code: 'aaaaa', new_password: PASSWORD };
    for (const operation of having(503))
      await answers(operation, 503, {
        on,
        ...(operation.operationId === 'signIn' && { payload: person }),
        ...(operation.operationId === 'useCode' && { payload: code }),
      });
    await pool.end();
  });

  test('500: what nobody foresaw, here a table that is gone', async () => {
    await house.database.admin.query('alter table backtest_accounts rename to away');
    try {
      for (const operation of having(500)) {
        const bodies: Readonly<Record<string, object>> = {
          signIn: { name: 'ann', password: PASSWORD },
          useCode: { name: 'ann', code: 'aaaaa', new_password: PASSWORD },
        };
        const payload = bodies[operation.operationId];
        await answers(operation, 500, payload && { payload });
      }
    } finally {
      await house.database.admin.query('alter table away rename to backtest_accounts');
    }
  });

  test('every code that is documented was answered above', () => {
    const documented = operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).flatMap((code) => (Number(code) < 300 ? [] : [`${operationId} ${code}`])),
    );
    assert.ok(documented.length > 400, `${documented.length} codes`);
    assert.deepEqual(
      documented.filter((one) => !seen.has(one)),
      [],
    );
  });
});
