// What the tests of MCP share: an API with the sample candles, on a real database, and clients of the SDK that ask through it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Scope } from '../src/accounts/account.ts';
import { addAccount } from '../src/accounts/add.ts';
import { createToken, type ApiToken } from '../src/accounts/create-token.ts';
import { startApi } from '../src/api.ts';
import { openSource } from '../src/candles/open.ts';
import { PROJECT } from '../src/config/paths.ts';
import { MOST_ANSWER_BYTES } from '../src/mcp/fit.ts';
import { openVariantReports } from '../src/reports/reporter.ts';
import { importSample } from '../src/stack/sample.ts';
import { testConfig } from './api.ts';
import { openFleet, walk, type Fleet } from './fleet.ts';

export const ENTRY = join(PROJECT, 'server/backtest.mjs');
export const SAMPLE_SPEC = await readFile(join(PROJECT, 'examples/sma-rsi-stops.yaml'), 'utf8');

export interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly fleet: Fleet;
  /** Makes an account, if it is not there yet, and a token of it. */
  token(
    name: string,
    scopes?: readonly Scope[],
  ): Promise<{ readonly token: string; readonly shown: ApiToken; readonly user_id: string }>;
}

export async function openStage(environment: 'dev' | 'prod'): Promise<Stage> {
  const fleet = await openFleet(walk(100, '1h'), '1h');
  assert.ok(fleet.candles.kind === 'parquet');
  await importSample(fleet.candles.folder);
  const { pool } = fleet.database;
  const source = await openSource(fleet.candles);
  const reports = openVariantReports(fleet.candles);
  const api = await startApi({ pool, config: testConfig(), source, reports }, { environment });
  const accounts = new Map<string, string>();
  return {
    url: api.url,
    fleet,
    async token(name, scopes = ['jobs']) {
      if (!accounts.has(name)) {
        const added = await addAccount(pool, { name, role: 'user', password_hash: null });
        assert.ok(added.outcome === 'added');
        accounts.set(name, added.account.user_id);
      }
      const user_id = accounts.get(name) ?? '';
      const made = await createToken(pool, { user_id, name: 'agent', scopes, days: 1 });
      assert.ok(made.outcome === 'created');
      return { token: made.token, shown: made.shown, user_id };
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await reports[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

export interface Agent extends AsyncDisposable {
  readonly client: Client;
  /** Calls a tool that must succeed, and returns its structure; no answer is larger than is promised. */
  ask(name: string, input?: object, options?: RequestOptions): Promise<Record<string, unknown>>;
  /** Calls a tool that must be refused. */
  refused(
    name: string,
    input?: object,
  ): Promise<{ code: string; message: string; details: { errors?: { path: string; code: string }[] } }>;
}

/** Connects a client that holds every answer to the schema of its tool. */
export async function connectAgent(transport: Transport): Promise<Agent> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  await client.listTools(); // from here on the client checks structures
  const call = async (name: string, input: object, options?: RequestOptions) => {
    const result = await client.callTool({ name, arguments: { ...input } }, undefined, {
      timeout: 600_000,
      ...options,
    });
    const bytes = Buffer.byteLength(JSON.stringify(result));
    assert.ok(bytes <= MOST_ANSWER_BYTES, `${name} answered ${bytes} bytes`);
    const [content] = result.content as { type: string; text: string }[];
    return { isError: result.isError === true, structure: result.structuredContent, text: content?.text ?? '' };
  };
  return {
    client,
    async ask(name, input = {}, options) {
      const { isError, structure, text } = await call(name, input, options);
      assert.ok(!isError, `${name}: ${text}`);
      assert.deepEqual(JSON.parse(text), structure);
      return structure as Record<string, unknown>;
    },
    async refused(name, input = {}) {
      const { isError, structure, text } = await call(name, input);
      assert.ok(isError, `${name}: ${text}`);
      assert.equal(structure, undefined);
      return (JSON.parse(text) as { error: never }).error;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

interface Row {
  readonly rank: number;
  readonly variant_index: number;
  readonly metrics: { readonly total_return_pct: number };
}

/** Runs the sample job as an agent would, from what there is to whether to believe it; returns its id. */
export async function runSampleJob(agent: Agent, fleet: Fleet): Promise<string> {
  const found = await agent.ask('instruments', { q: 'gspc' });
  assert.deepEqual(
    (found['items'] as { symbol: string }[]).map(({ symbol }) => symbol),
    ['^GSPC'],
  );
  const { indicator } = await agent.ask('indicators', { id: 'momentum.rsi' });
  assert.equal((indicator as { short: string }).short, 'rsi');
  const estimate = await agent.ask('estimate', { spec: SAMPLE_SPEC });
  assert.deepEqual([estimate['stage_a_variants'], estimate['stage_b_variants']], [40, 1000]);

  const { job_id, ended } = await submitAndWatch(agent, fleet);
  await readVerdict(agent, job_id, ended);
  const best = await readTop(agent, job_id);
  assert.deepEqual(ended['best'], {
    metric: 'total_return_pct',
    value: best.metrics.total_return_pct,
    variant_index: best.variant_index,
  });
  await readReport(agent, job_id, best);
  const jobs = await agent.ask('jobs', {});
  assert.deepEqual(
    (jobs['items'] as { job_id: string }[]).map((job) => job.job_id),
    [job_id],
  );
  return job_id;
}

type Told = Record<string, unknown>;

async function submitAndWatch(agent: Agent, fleet: Fleet): Promise<{ job_id: string; ended: Told }> {
  const submission = { spec: SAMPLE_SPEC, idempotency_key: 'once' };
  const { job_id, state } = await agent.ask('submit', submission);
  assert.equal(state, 'queued');
  assert.equal((await agent.ask('submit', submission))['job_id'], job_id);
  const nothing = await agent.ask('verdict', { job_id });
  assert.deepEqual([nothing['state'], nothing['verdict'], nothing['checks']], ['queued', null, []]);
  const waited = await agent.ask('watch', { job_id, seconds: 0 });
  assert.deepEqual([waited['ended'], waited['waiting_for']], [false, 'a worker to take it']);

  const told: number[] = [];
  const watching = watchToEnd(agent, job_id, { onprogress: ({ progress }) => told.push(progress) });
  const worker = fleet.worker();
  const ended = await watching;
  worker.kill('SIGTERM');
  await worker.ended;
  assert.deepEqual([ended['state'], ended['ended'], ended['progress_pct']], ['succeeded', true, 100], worker.log());
  assert.ok(told.length > 0, 'progress was told');
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
    'and never went back',
  );

  return { job_id: String(job_id), ended };
}

/** Waits as often as it takes: a call has a limit, and a machine may be slow. */
export async function watchToEnd(agent: Agent, job_id: unknown, options?: RequestOptions): Promise<Told> {
  for (;;) {
    const told = await agent.ask('watch', { job_id, seconds: 120 }, options);
    if (told['ended'] === true) return told;
  }
}

async function readVerdict(agent: Agent, job_id: string, ended: Told): Promise<void> {
  const judged = await agent.ask('verdict', { job_id });
  const verdict = judged['verdict'] as { luck: string; sentence: string; p: number; permuted_markets: number };
  assert.match(verdict.sentence, /^Of 99 markets .* \(p 0\.\d\d\)/);
  assert.equal(verdict.permuted_markets, 99);
  assert.ok(verdict.p > 0 && verdict.p <= 1);
  assert.equal(verdict.luck, ended['luck']);
  assert.equal((judged['checks'] as unknown[]).length, 9);
}

async function readTop(agent: Agent, job_id: string): Promise<Row> {
  const { items, more, common } = await agent.ask('top', { job_id, limit: 20 });
  const rows = items as Row[];
  assert.deepEqual(common, {
    'ma.sma.source': 'close',
    'ma.sma.window': 200,
    'ma.sma.inverted': 0,
    'momentum.rsi.source': 'close',
    'momentum.rsi.long_threshold': 45,
    'momentum.rsi.short_threshold': 80,
  });
  assert.deepEqual([rows.map(({ rank }) => rank), more], [Array.from({ length: 20 }, (_, i) => i + 1), true]);
  const next = (await agent.ask('top', { job_id, limit: 1, after_rank: 20 }))['items'] as Row[];
  assert.deepEqual(
    next.map(({ rank }) => rank),
    [21],
  );
  return rows[0] ?? assert.fail();
}

async function readReport(agent: Agent, job_id: string, best: Row): Promise<void> {
  const most = { job_id, variant_index: best.variant_index, trades: 20, months: 60 };
  const report = await agent.ask('variant_report', most);
  assert.deepEqual((report['metrics'] as Row['metrics']).total_return_pct, best.metrics.total_return_pct);
  assert.deepEqual([report['same_candles'], report['same_engine']], [true, true]);
  assert.match(String(report['table_md']), /\|Sharpe Ratio\|/);
  const times = (report['trades'] as { exit_time: string }[]).map(({ exit_time }) => exit_time);
  assert.deepEqual(times, times.toSorted().toReversed());
}
