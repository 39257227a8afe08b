// backtest mcp as agents start it: a process on stdin and stdout, with the client of the SDK on the other end, a real API behind
// it and a real worker that runs the sample job.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { eventually } from '../../test/fleet.ts';
import {
  connectAgent,
  ENTRY,
  openStage,
  runSampleJob,
  SAMPLE_SPEC,
  watchToEnd,
  type Agent,
  type Stage,
} from '../../test/mcp.ts';

describe('backtest mcp', () => {
  let stage: Stage;
  let agent: Agent;
  const troubles: Error[] = [];
  const env = () => ({ PATH: process.env['PATH'] ?? '', BACKTEST_HOME: stage.fleet.home, BACKTEST_API: stage.url });

  before(async () => {
    stage = await openStage('dev');
    const transport = new StdioClientTransport({ command: process.execPath, args: [ENTRY, 'mcp'], env: env() });
    agent = await connectAgent(transport);
    agent.client.onerror = (error) => troubles.push(error);
  });
  after(async () => {
    await agent[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  test('runs the sample job from estimate to verdict, without a token on a machine without accounts', async () => {
    await runSampleJob(agent, stage.fleet);
    assert.deepEqual(troubles, []);
  });

  test('a bad spec is answered with every problem and its path, as by the API', async () => {
    const spec = {
      time_range: { start: 'x', end: '2020-01-01T00:00:00Z' },
      template: { timeframe: '7m', rules: {} },
      top_k: 0,
    };
    const headers = { 'content-type': 'application/json' };
    const direct = await fetch(`${stage.url}/backtests/jobs`, { method: 'POST', headers, body: JSON.stringify(spec) });
    const { error } = (await direct.json()) as { error: { details: { errors: unknown[] } } };
    assert.ok(error.details.errors.length >= 4);
    for (const name of ['estimate', 'submit']) {
      assert.deepEqual(await agent.refused(name, { spec }), error);
      assert.deepEqual(await agent.refused(name, { spec: JSON.stringify(spec) }), error);
    }
  });

  test('what is wrong with an input is told in the same shape, all of it', async () => {
    const input = { limit: 21, after_rank: -1, more: true };
    const { code, details } = await agent.refused('top', input);
    assert.equal(code, 'validation_error');
    assert.deepEqual(details.errors?.map((one) => `${one.path} ${one.code}`).toSorted(), [
      'after_rank invalid_value',
      'job_id invalid_value',
      'limit invalid_value',
      'more unknown_field',
    ]);
    assert.equal((await agent.refused('watch', { job_id: 'x' })).code, 'validation_error');
    const nobody = { job_id: '01890a5d-ac96-774b-bcce-b302099a8057' };
    for (const name of ['watch', 'top', 'verdict', 'cancel'])
      assert.equal((await agent.refused(name, nobody)).code, 'not_found');
    assert.equal((await agent.refused('variant_report', { ...nobody, variant_index: 0 })).code, 'not_found');
    assert.equal((await agent.refused('indicators', { id: 'nix' })).details.errors?.[0]?.code, 'unknown_indicator');
    await assert.rejects(agent.client.callTool({ name: 'nix' }), /-32602.*there is no tool nix; there are instruments/);
  });

  test('a cancelled call ends at once, the job does not; cancel ends it', async () => {
    const { job_id } = await agent.ask('submit', { spec: SAMPLE_SPEC });
    const stop = new AbortController();
    let told = 0;
    const options = { signal: stop.signal, onprogress: () => void (told += 1) };
    const watching = agent.ask('watch', { job_id, seconds: 300 }, options);
    await eventually('progress', async () => told > 0);
    stop.abort(new Error('enough'));
    await assert.rejects(watching, /enough/);
    assert.equal((await agent.ask('watch', { job_id, seconds: 0 }))['state'], 'queued');
    const changing = agent.ask('watch', { job_id, seconds: 300, until: 'change' });
    assert.equal((await agent.ask('cancel', { job_id }))['state'], 'cancelled');
    assert.equal((await agent.ask('cancel', { job_id }))['state'], 'cancelled');
    const seen = await changing;
    assert.deepEqual([seen['state'], seen['ended']], ['cancelled', true]);
  });

  test('the largest answers have a bound: a grid of many parameters, and every indicator', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `a_parameter_with_a_long_name_${i}`);
    const params = Object.fromEntries(names.map((name) => [name, { mode: 'explicit', values: [2, 3] }]));
    const spec = {
      time_range: { start: '2010-01-01T00:00:00Z', end: '2012-01-01T00:00:00Z' },
      luck: 0,
      sample: { n: 500, seed: 1 },
      template: {
        instrument_id: { market_id: 5, symbol: '^GSPC' },
        timeframe: '1d',
        rules: { long: `close > sma(close, ${names.join(' + ')})` },
        params,
        direction_mode: 'long-only',
      },
    };
    const { job_id } = await agent.ask('submit', { spec });
    const worker = stage.fleet.worker();
    assert.equal((await watchToEnd(agent, job_id))['state'], 'succeeded', worker.log());
    worker.kill('SIGTERM');
    await worker.ended;
    const { items, left_out, more } = await agent.ask('top', { job_id, limit: 20 });
    const kept = (items as unknown[]).length;
    assert.deepEqual([left_out, more], [{ items: 20 - kept }, true]);
    assert.ok(kept >= 4, `${kept} rows`);
    const all = await agent.ask('indicators');
    assert.equal((all['items'] as unknown[]).length, all['total']);
  });

  test('the pages that a spec is written by are there, and the schema is that of the API', async () => {
    const { resources } = await agent.client.listResources();
    for (const { uri } of resources) {
      const [page] = (await agent.client.readResource({ uri })).contents;
      assert.ok(page !== undefined && 'text' in page && page.text.length > 500, uri);
    }
    const [schema] = (await agent.client.readResource({ uri: 'backtest://schema/spec.json' })).contents;
    const { $defs } = JSON.parse(schema !== undefined && 'text' in schema ? schema.text : '') as {
      $defs: { Spec: { properties: object } };
    };
    assert.ok('time_range' in $defs.Spec.properties && 'Axis' in $defs);
    const [example] = (await agent.client.readResource({ uri: 'backtest://example/ema-cross.yaml' })).contents;
    assert.equal(
      (await agent.ask('estimate', { spec: example && 'text' in example ? example.text : '' }))['trials'],
      1000,
    );
  });

  const HELLO = [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    },
    { method: 'notifications/initialized' },
  ];
  const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;

  function start(more: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [ENTRY, 'mcp'], { env: { ...env(), ...more }, stdio: 'pipe' });
    for (const message of HELLO) child.stdin?.write(line(message));
    return child;
  }

  test('stdout carries messages and nothing else, whatever comes in; the end of stdin is the end', async () => {
    const child = start({ BACKTEST_API: 'http://127.0.0.1:1', NODE_DEBUG: 'net' });
    const [out, err] = [text(child.stdout!), text(child.stderr!)];
    child.stdin!.write('this is no JSON\n{"jsonrpc":"2.0"}\n[]\n\n');
    child.stdin!.write(line({ id: 2, method: 'tools/call', params: { name: 'jobs', arguments: {} } }));
    child.stdin!.write(line({ id: 3, method: 'nix' }));
    child.stdin!.end(line({ id: 4, method: 'tools/list' }));
    const [code] = await once(child, 'exit');
    const messages = (await out)
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => JSON.parse(one) as { jsonrpc: string; id: number });
    assert.equal(code, 0);
    assert.ok(messages.every(({ jsonrpc }) => jsonrpc === '2.0'));
    assert.ok(messages.some(({ id }) => id === 4));
    assert.match(await err, /backtest mcp: .*JSON/);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 130],
  ] as const) {
    test(`${signal} ends it while a call waits`, async () => {
      const { job_id } = await agent.ask('submit', { spec: SAMPLE_SPEC });
      const child = start();
      let out = '';
      child.stdout!.setEncoding('utf8').on('data', (said: string) => (out += said));
      child.stderr!.resume();
      const params = { name: 'watch', arguments: { job_id, seconds: 300 }, _meta: { progressToken: 'p' } };
      child.stdin!.write(line({ id: 2, method: 'tools/call', params }));
      await eventually('progress', async () => out.includes('notifications/progress'));
      const sent = performance.now();
      child.kill(signal);
      const [code] = await once(child, 'exit');
      assert.equal(code, expected);
      assert.ok(performance.now() - sent < 120_000, 'long before the call would have ended');
      assert.ok(!out.includes('"id":2'), out);
      await agent.ask('cancel', { job_id });
    });
  }
});
