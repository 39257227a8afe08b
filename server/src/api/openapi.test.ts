import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEFAULTS, parseSpec, parseStrategy, TIMEFRAMES } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { REPORTS, SOURCE, specBody, testConfig } from '../../test/api.ts';
import { buildApi } from '../api.ts';
import { openPool } from '../db.ts';
import { SpecBody } from './spec-body.ts';

interface Described {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; schema: object }[];
  readonly requestBody?: { readonly content: Described['content'] };
  readonly responses: Readonly<Record<string, Described>>;
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
let app: FastifyInstance;
let text: string;
let document: Document;

before(async () => {
  app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS });
  ({ body: text } = await app.inject('/openapi.json'));
  document = JSON.parse(text);
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
      'DELETE /backtests/jobs/{job_id}',
      'DELETE /strategies/{strategy_id}',
      'GET /backtests/jobs',
      'GET /backtests/jobs/{job_id}',
      'GET /backtests/jobs/{job_id}/top',
      'GET /backtests/runtime-defaults',
      'GET /healthz',
      'GET /indicators',
      'GET /market-data/coverage',
      'GET /market-data/instruments',
      'GET /readyz',
      'GET /strategies',
      'GET /strategies/{strategy_id}',
      'POST /backtests/jobs',
      'POST /backtests/jobs/estimate',
      'POST /backtests/jobs/{job_id}/cancel',
      'POST /backtests/variant-report',
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
      assert.ok(reply.content['application/json']?.schema, `${route} ${status}`);
    }
    assert.ok(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      route,
    );
    for (const status of route.startsWith('GET') ? [] : ['413', '415'])
      assert.ok(operation.responses[status], `${route} ${status}`);
    if (route !== 'GET /healthz') assert.ok(operation.responses['500'], route);
  }
});

test('every reference leads somewhere, no schema is left over', () => {
  const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference));
  const schemas = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  assert.deepEqual(references, new Set(schemas));
});

test('query and header parameters carry their bounds', () => {
  const { parameters = [] } = document.paths['/backtests/jobs']?.['get'] ?? {};
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['state', 'q', 'limit', 'cursor'],
  );
  const limit = parameters.find(({ name }) => name === 'limit');
  assert.deepEqual(limit?.schema, { type: 'integer', minimum: 1, maximum: 250, default: 50 });
  const post = document.paths['/backtests/jobs']?.['post'];
  assert.ok(post?.parameters?.some((one) => one.in === 'header' && one.name === 'idempotency-key'));
  assert.ok(post?.requestBody?.content['application/json']?.schema);
});

test('the spec it describes is the spec the gate takes', () => {
  const everything = specBody(
    {
      warmup_bars: 10,
      preselect: 100,
      top_trades_n: 1,
      ranking: { primary_metric: 'total_return_pct', secondary_metric: 'max_drawdown_pct' },
      filters: { min_trades: 5, max_drawdown_pct: 50 },
      sample: { n: 3, seed: 1 },
      validation: { mode: 'holdout', fraction: 0.2 },
      name: 'all fields',
      priority: 1,
    },
    {
      indicator_grids: [
        {
          indicator_id: 'ma.sma',
          source: 'hl2',
          params: { window: { mode: 'range', start: 10, stop_incl: 20, step: 5 } },
        },
      ],
      signal_grids: { 'ma.sma': { inverted: 1 } },
      direction_mode: 'long-only',
      sizing_mode: 'percent_of_equity',
      execution: {
        init_cash_quote: 1,
        fee_pct: 0,
        slippage_pct: 0,
        fixed_quote: 1,
        equity_percent: 50,
        safe_profit_percent: 10,
        fill: 'next_open',
      },
      risk_grid: {
        sl_enabled: true,
        sl: { mode: 'explicit', values: ['off', 1] },
        tp_enabled: true,
        tp_pct: 3,
        trail: { mode: 'range', start: 0.5, stop_incl: 2, step: 0.5 },
        max_bars: { mode: 'explicit', values: ['off', 20] },
        trigger: 'intrabar',
      },
    },
  );
  const examples = z.array(z.unknown()).parse(SpecBody.meta()?.['examples']);
  for (const example of [...examples, specBody(), everything]) {
    parseSpec(example);
    assert.deepEqual(SpecBody.parse(example), example);
  }
  const { template, ...withStrategy } = { ...everything, strategy_id: '01890a5d-ac96-774b-bcce-b302099a8057' };
  const { instrument_id, timeframe, indicator_grids, ...overrides } = template;
  const saved = parseStrategy({ name: 'n', template: { instrument_id, timeframe, indicator_grids } });
  parseSpec({ ...withStrategy, overrides }, DEFAULTS, saved);
  assert.deepEqual(SpecBody.parse({ ...withStrategy, overrides }), { ...withStrategy, overrides });
  // What one refuses as unknown the other refuses too.
  for (const wrong of [specBody({ topk: 5 }), specBody({}, { timeframes: '1d' })]) {
    assert.throws(() => parseSpec(wrong), { name: 'SpecError' });
    assert.equal(SpecBody.safeParse(wrong).success, false);
  }
  const documented = JSON.stringify(document.components.schemas);
  for (const name of Object.keys(TIMEFRAMES)) assert.ok(documented.includes(name), name);
});
