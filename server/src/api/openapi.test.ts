import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { REPORTS, SOURCE, testConfig } from '../../test/api.ts';
import { buildApi } from '../api.ts';
import { openPool } from '../db.ts';

interface Described {
  readonly description: string;
  /** Missing where a reply is empty. */
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; schema: object }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: NonNullable<Described['content']> };
  readonly responses: Record<string, Described>;
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, Described>>;
  };
}

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
let app: FastifyInstance;
let text: string;
let document: Document;

before(async () => {
  app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS });
  ({ body: text } = await app.inject('/openapi.json'));
  document = JSON.parse(text);
  for (const { responses } of operations().map(({ operation }) => operation))
    for (const [status, { $ref }] of Object.entries(responses as Record<string, Described & { $ref?: string }>))
      if ($ref !== undefined) responses[status] = document.components.responses[$ref.split('/').at(-1) ?? '']!;
});

after(async () => {
  await app.close();
  await pool.end();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

test('all routes are in it, once', () => {
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(
    document.servers.map(({ url }) => url),
    ['/', '/api'],
  );
  assert.deepEqual(
    operations()
      .map(({ route }) => route)
      .sort(),
    [
      'DELETE /auth/sessions/{session_id}',
      'DELETE /auth/tokens/{token_id}',
      'DELETE /backtests/jobs/{job_id}',
      'DELETE /market-data/imports/{import_id}',
      'DELETE /strategies/{strategy_id}',
      'GET /auth/accounts',
      'GET /auth/me',
      'GET /auth/sessions',
      'GET /auth/tokens',
      'GET /backtests/events',
      'GET /backtests/jobs',
      'GET /backtests/jobs/{job_id}',
      'GET /backtests/jobs/{job_id}/attempts',
      'GET /backtests/jobs/{job_id}/events',
      'GET /backtests/jobs/{job_id}/export',
      'GET /backtests/jobs/{job_id}/report',
      'GET /backtests/jobs/{job_id}/request',
      'GET /backtests/jobs/{job_id}/spec',
      'GET /backtests/jobs/{job_id}/surface',
      'GET /backtests/jobs/{job_id}/surface/bands',
      'GET /backtests/jobs/{job_id}/surface/cell',
      'GET /backtests/jobs/{job_id}/surface/summary',
      'GET /backtests/jobs/{job_id}/top',
      'GET /backtests/runtime-defaults',
      'GET /healthz',
      'GET /indicators',
      'GET /market-data/candles',
      'GET /market-data/coverage',
      'GET /market-data/imports',
      'GET /market-data/imports/{import_id}',
      'GET /market-data/instruments',
      'GET /readyz',
      'GET /strategies',
      'GET /strategies/{strategy_id}',
      'POST /auth/accounts',
      'POST /auth/accounts/{user_id}/code',
      'POST /auth/accounts/{user_id}/disable',
      'POST /auth/accounts/{user_id}/enable',
      'POST /auth/code',
      'POST /auth/password',
      'POST /auth/sign-in',
      'POST /auth/sign-out',
      'POST /auth/tokens',
      'POST /backtests',
      'POST /backtests/jobs',
      'POST /backtests/jobs/estimate',
      'POST /backtests/jobs/{job_id}/cancel',
      'POST /backtests/variant-report',
      'POST /market-data/imports',
      'POST /market-data/imports/{import_id}/commit',
      'POST /strategies',
    ],
  );
});

test('every operation is named, every reply has a description and a schema', () => {
  const names = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
  for (const { route, path, operation } of operations()) {
    assert.ok(operation.operationId && operation.summary && operation.tags.length === 1, route);
    for (const name of path.matchAll(/\{(\w+)\}/g)) {
      assert.ok(
        operation.parameters?.some((one) => one.in === 'path' && one.name === name[1]),
        `${route} ${name[1]}`,
      );
    }
    for (const [status, reply] of Object.entries(operation.responses)) {
      assert.match(status, /^[2-5]\d\d$/);
      assert.ok(reply.description && reply.description !== 'Default Response', `${route} ${status}`);
      if (status === '304') {
        assert.equal(reply.content, undefined, route);
        continue;
      }
      const types = Object.keys(reply.content ?? {});
      const bytes =
        status === '200' && /\/(surface|export|report|events)$/.test(path) && !types.includes('application/json');
      assert.ok(bytes ? types.length > 0 : reply.content?.['application/json']?.schema, `${route} ${status}`);
    }
    assert.ok(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      route,
    );
    for (const status of route.startsWith('GET') ? [] : ['413', '415', '422'])
      assert.ok(operation.responses[status], `${route} ${status}`);
    assert.ok(operation.responses['400'], route);
    if (!/\/(healthz|readyz)$/.test(route)) assert.ok(operation.responses['500'], route);
  }
});

/** What a token needs; `nobody`: no token gets there; `anybody`: nothing is needed. */
function rightOf({ security }: Operation): string {
  if (security.length === 0) return 'anybody';
  return security.flatMap((one) => one['token'] ?? []).join() || 'nobody';
}

test('the scope of every route: a GET reads, and what manages accounts, sessions and tokens is for no token', () => {
  const scopes = new Map<string, string[]>();
  for (const { route, operation } of operations()) {
    const right = rightOf(operation);
    scopes.set(right, [...(scopes.get(right) ?? []), route]);
    if (right !== 'anybody')
      assert.ok(
        operation.security.some((one) => one['session']),
        route,
      );
    for (const status of right === 'anybody' ? [] : ['401', '403', '429'])
      assert.ok(operation.responses[status], `${route} ${status}`);
  }
  assert.deepEqual(scopes.get('anybody')?.sort(), [
    'GET /healthz',
    'GET /readyz',
    'POST /auth/code',
    'POST /auth/sign-in',
  ]);
  assert.deepEqual(
    scopes.get('nobody')?.sort(),
    operations()
      .map(({ route }) => route)
      .filter((route) => / \/auth\//.test(route) && !/sign-in|\/code$|\/me$/.test(route))
      .concat('POST /auth/accounts/{user_id}/code')
      .sort(),
  );
  for (const route of scopes.get('read') ?? []) assert.match(route, /^GET |estimate$/);
  assert.deepEqual(scopes.get('jobs')?.sort(), [
    'DELETE /backtests/jobs/{job_id}',
    'DELETE /strategies/{strategy_id}',
    'POST /backtests',
    'POST /backtests/jobs',
    'POST /backtests/jobs/{job_id}/cancel',
    'POST /backtests/variant-report',
    'POST /strategies',
  ]);
  assert.deepEqual(scopes.get('candles')?.sort(), [
    'DELETE /market-data/imports/{import_id}',
    'POST /market-data/imports',
    'POST /market-data/imports/{import_id}/commit',
  ]);
  assert.equal([...scopes.values()].flat().length, operations().length);
});

test('every reference leads somewhere, no schema is left over', () => {
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference));
  const { schemas, responses } = document.components;
  const [ofSchemas = [], ofResponses = []] = [schemas, responses].map((all) => Object.keys(all));
  const there = [
    ...ofSchemas.map((name) => `#/components/schemas/${name}`),
    ...ofResponses.map((name) => `#/components/responses/${name}`),
  ];
  assert.deepEqual(references, new Set(there));
});

/** Replies whose bytes are no text, or a page of hundreds of kilobytes. */
const BYTES = /octet-stream|parquet|ndjson|html/;

test('every body and every reply has an example that is what its schema says', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'document', ...document });
  let validated = 0;
  const check = (what: string, content: Described['content']): void => {
    for (const [type, { schema, example }] of Object.entries(content ?? {})) {
      if (BYTES.test(type)) continue;
      assert.notEqual(example, undefined, `${what}: add it to examples.db.test.ts and run that with UPDATE_GOLDEN=1`);
      validated += 1;
      if (type !== 'application/json') continue;
      const inDocument: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
      assert.ok(ajv.validate(inDocument, example), `${what}: ${ajv.errorsText()}`);
    }
  };
  for (const { route, operation } of operations()) {
    if (operation.requestBody) check(`${route} body`, operation.requestBody.content);
    for (const [status, { content }] of Object.entries(operation.responses)) check(`${route} ${status}`, content);
  }
  assert.ok(validated > 300, `${validated} examples`);
});

test('query and header parameters carry their bounds', () => {
  const { parameters = [] } = document.paths['/backtests/jobs']?.['get'] ?? {};
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['state', 'q', 'limit', 'cursor', 'owner'],
  );
  const limit = parameters.find(({ name }) => name === 'limit');
  assert.deepEqual(limit?.schema, { type: 'integer', minimum: 1, maximum: 250, default: 50 });
  const post = document.paths['/backtests/jobs']?.['post'];
  assert.ok(post?.parameters?.some((one) => one.in === 'header' && one.name === 'idempotency-key'));
  assert.ok(post?.requestBody?.content['application/json']?.schema);
});
