import assert from 'node:assert/strict';
import { createServer, get } from 'node:http';
import test from 'node:test';
import { isKnownHost, openMetrics, serveMetrics } from './metrics.ts';
import type { QueueDepth } from './queue/depth.ts';

const QUIET: QueueDepth = { jobs: {}, oldestQueuedSeconds: 0 };
const HOST = '127.0.0.1';
const ready = async () => ({ ready: true });

test('every name of the runbook is there from the start, counters as 0 for each label', async () => {
  const { registry } = openMetrics(async () => QUIET);
  const text = await registry.metrics();
  const zeros = [
    'backtest_job_runner_claim_total',
    'backtest_job_runner_succeeded_total',
    'backtest_job_runner_failed_total',
    'backtest_job_runner_cancelled_total',
    'backtest_job_runner_reclaimed_total',
    ...['expired', 'fenced', 'trust', 'database'].map(
      (reason) => `backtest_job_runner_lease_lost_total{reason="${reason}"}`,
    ),
    ...['stage_a', 'stage_b'].map((stage) => `backtest_job_runner_variants_scored_total{stage="${stage}"}`),
    'backtest_job_runner_job_duration_seconds_count',
    'backtest_job_runner_heartbeat_delay_seconds_count',
    'backtest_job_runner_claim_latency_seconds_count',
    ...['stage_a', 'stage_b', 'finalizing'].map(
      (stage) => `backtest_job_runner_stage_duration_seconds_count{stage="${stage}"}`,
    ),
    'backtest_job_runner_active_claimed_jobs',
    'backtest_job_runner_candles_unavailable',
    'backtest_job_runner_paused',
    ...['queued', 'running', 'succeeded', 'failed', 'cancelled'].map(
      (state) => `backtest_queue_jobs{state="${state}"}`,
    ),
    'backtest_queue_oldest_queued_seconds',
  ];
  const lines = text.split('\n');
  for (const name of zeros) assert.ok(lines.includes(`${name} 0`), name);
  assert.match(text, /^process_cpu_seconds_total /m);
});

test('what happens is counted', async () => {
  const metrics = openMetrics(async () => QUIET);
  metrics.claimed(0.01, true);
  metrics.variantsScored('stage_a', 500);
  metrics.stageDuration('finalizing', 2);
  metrics.heartbeatDelay(0.2);
  metrics.leaseLost('fenced');
  metrics.finished('failed');
  const text = await metrics.registry.metrics();
  for (const line of [
    'backtest_job_runner_claim_total 1',
    'backtest_job_runner_reclaimed_total 1',
    'backtest_job_runner_active_claimed_jobs 1',
    'backtest_job_runner_variants_scored_total{stage="stage_a"} 500',
    'backtest_job_runner_stage_duration_seconds_sum{stage="finalizing"} 2',
    'backtest_job_runner_lease_lost_total{reason="fenced"} 1',
    'backtest_job_runner_failed_total 1',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), line);
  }
  metrics.released(3);
  assert.match(await metrics.registry.metrics(), /active_claimed_jobs 0/);
});

test('the queue is asked once a scrape; a database that does not answer costs two metrics and no more', async () => {
  let asked = 0;
  let reachable = true;
  const { registry } = openMetrics(() => {
    asked += 1;
    if (!reachable) return Promise.reject(new Error('connection refused'));
    return Promise.resolve({ jobs: { queued: 7 }, oldestQueuedSeconds: 12.5 });
  });
  const first = await registry.metrics();
  assert.equal(asked, 1);
  assert.match(first, /backtest_queue_jobs\{state="queued"\} 7\n/);
  assert.match(first, /backtest_queue_oldest_queued_seconds 12\.5\n/);
  reachable = false;
  const second = await registry.metrics();
  assert.match(second, /backtest_queue_jobs\{state="queued"\} Nan\n/i);
  assert.match(second, /backtest_queue_oldest_queued_seconds Nan\n/i);
  assert.match(second, /backtest_job_runner_claim_total 0\n/);
});

test('a queue that hangs holds the scrape no longer than its timeout', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { registry } = openMetrics(() => new Promise(() => {}));
  const scrape = registry.metrics();
  t.mock.timers.tick(3000);
  assert.match(await scrape, /backtest_queue_oldest_queued_seconds Nan\n/i);
});

test('/healthz, /readyz and /metrics', async () => {
  const { registry } = openMetrics(async () => QUIET);
  let state: { ready: boolean; reason?: string } = { ready: false, reason: 'draining' };
  await using server = await serveMetrics({ host: HOST, port: 0, explicit: true, registry, ready: async () => state });
  const get = (path: string) => fetch(`http://${HOST}:${server.port}${path}`);
  assert.equal((await get('/healthz')).status, 200);
  const draining = await get('/readyz');
  assert.deepEqual([draining.status, await draining.text()], [503, 'draining\n']);
  state = { ready: true };
  assert.equal((await get('/readyz')).status, 200);
  const metrics = await get('/metrics?x=1');
  assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(await metrics.text(), /backtest_job_runner_claim_total 0/);
  assert.equal((await get('/')).status, 404);
});

test('a busy port the user named is an error, a busy default makes way', async () => {
  const { registry } = openMetrics(async () => QUIET);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, HOST, resolve));
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const { port } = address;
  const options = { host: HOST, port, registry, ready };
  await assert.rejects(
    serveMetrics({ ...options, explicit: true }),
    new RegExp(`metrics port ${port} is busy on ${HOST}`),
  );
  {
    await using server = await serveMetrics({ ...options, explicit: false });
    assert.ok(server.port > port);
  }
  await new Promise((resolve) => other.close(resolve));
});

test('the metrics port answers loopback names, its own address and the names it was given, and no other', async () => {
  const registry = openMetrics(async () => QUIET).registry;
  const options = { host: '127.0.0.1', port: 20_000, explicit: false, registry, ready };
  await using server = await serveMetrics({ ...options, allowedHosts: ['metrics.internal'] });
  const ask = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { port } = server;
      get({ host: '127.0.0.1', port, path: '/metrics', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  for (const host of [
    '127.0.0.1',
    `127.0.0.1:${server.port}`,
    'localhost:1',
    'LOCALHOST',
    '[::1]:9204',
    'metrics.internal:80',
  ])
    assert.equal(await ask(host), 200, host);
  for (const host of [
    'evil.example',
    'evil.example:9204',
    'localhost.evil.example',
    '10.0.0.1',
    '127.0.0.1.evil.example',
    'internal',
  ])
    assert.equal(await ask(host), 403, host);
});

test('an address is one, however it is written', () => {
  for (const [asked, known] of [
    ['10.1.2.3:9204', '::ffff:10.1.2.3'],
    ['[fd00::1]:9204', 'fd00::1'],
    ['Worker-1:9204', 'worker-1'],
  ] as const)
    assert.ok(isKnownHost(asked, [known]), asked);
  assert.ok(isKnownHost('anything.example', ['*']));
  assert.ok(!isKnownHost('10.1.2.4', ['10.1.2.3', '']));
  assert.ok(!isKnownHost('', ['10.1.2.3']));
});
