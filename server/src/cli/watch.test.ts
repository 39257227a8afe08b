import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Verdict } from '@backtest-jobs/engine';
import type { Permuted } from '@backtest-jobs/engine/internal';
import type { JobView } from './client.ts';
import { progressText } from './show/progress.ts';
import { progressOf } from './watch.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));

const running: JobView = {
  job_id: '01890a5d-ac96-774b-bcce-b302099a8057',
  name: null,
  state: 'running',
  stage: 'stage_b',
  created_at: '2020-01-01T00:00:00.000000Z',
  started_at: '2020-01-01T00:00:01.000000Z',
  finished_at: null,
  cancel_requested_at: null,
  processed_units: 500,
  total_units: 1000,
  attempt: 1,
  variants_per_second: 100,
  eta_seconds: 5,
  waiting_for_worker_seconds: null,
  waiting_text: null,
  last_error: null,
};

const said = (more: Partial<JobView>): string => progressText(progressOf({ ...running, ...more }));

test('what a job that has not ended looks like', () => {
  assert.match(said({}), /^stage_b 2\/3 .* 50% .* 100\/s {2}5\.0 s left$/);
  assert.equal(said({ state: 'queued' }), 'queued, waiting for a worker to take it');
  assert.equal(said({ waiting_text: 'its candles cannot be read' }), 'its candles cannot be read');
  assert.equal(said({ waiting_for_worker_seconds: 12.7 }), 'waiting for a worker since 12 s');
  assert.equal(said({ cancel_requested_at: '2020-01-01T00:00:02.000000Z' }), 'cancelling');
});

/** Watches an API that answers with one status after the other (null: 503) and then with the last for ever. */
async function watching(
  statuses: readonly (JobView | null)[],
  onAsk: (nth: number, stop: () => void) => void = () => {},
) {
  let asked = 0;
  const server = createServer((request, response) => {
    const status = statuses[Math.min(asked, statuses.length - 1)];
    asked += 1;
    response.on('finish', () => onAsk(asked, () => child.kill('SIGINT')));
    const found = status === null ? 503 : 200;
    response
      .writeHead(request.url === `/backtests/jobs/${running.job_id}` ? found : 404)
      .end(JSON.stringify(status ?? { error: { code: 'service_unavailable', message: 'the database is away' } }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [ENTRY, 'watch', running.job_id, '--api', `http://127.0.0.1:${port}`], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  server.closeAllConnections();
  server.close();
  return { stdout, stderr, code: Number(code), asked };
}

test('the end of the job is the end of the watching, and its exit code', async () => {
  const finished_at = '2020-01-01T00:00:13.500000Z';
  const well = await watching([running, { ...running, state: 'succeeded', finished_at }]);
  assert.equal(well.code, 0);
  assert.match(well.stdout, new RegExp(`^succeeded in 13 s; .* top ${running.job_id}\n$`));
  assert.match(well.stderr, /^stage_b 2\/3 .*\n$/);
  const checks = [{ id: 'trades', mark: 'bad', value: 2, reason: 'two' }];
  const compared = { drawn: 1, with_best: true };
  const verdict = { luck: 'likely', sentence: 'It is: likely luck.', checks, trials: 3, compared, reasons: {} };
  const judged = await watching([
    { ...running, state: 'succeeded', finished_at, verdict: verdict as unknown as Verdict },
  ]);
  assert.match(judged.stdout, /^succeeded .*\nLikely luck\nIt is: likely luck\.\n  Enough trades\? {2}bad {6}two\n/);
  const ill = await watching([{ ...running, state: 'failed', finished_at, last_error: 'no memory' }]);
  assert.equal(ill.code, 1);
  assert.equal(ill.stdout, 'failed: no memory\n');
  const permuted = { done: 12, asked: 99, as_good: 3, p: 4 / 13 } as Permuted;
  const cut = await watching([{ ...running, state: 'cancelled', finished_at, permuted }]);
  assert.match(
    cut.stdout,
    /^cancelled\nits luck test had searched 12 of 99 permuted markets; .* in 3 of them \(p 0\.31\)\n$/,
  );
});

test('an API that is there but not well is quoted, and watching goes on', async () => {
  const { code, stderr } = await watching([null, { ...running, state: 'succeeded' }]);
  assert.equal(code, 0);
  assert.match(stderr, /^the API says that the database is away, for 0\.\d s now\n$/);
});

test('Ctrl-C leaves the job running and says so', async () => {
  const { code, stdout, stderr, asked } = await watching([running], (nth, stop) => nth === 2 && stop());
  assert.equal(code, 130);
  assert.equal(stdout, '');
  assert.match(stderr, new RegExp(`the job goes on without you; .* watch ${running.job_id}\n$`));
  assert.equal(asked, 2);
});
