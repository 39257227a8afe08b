import assert from 'node:assert/strict';
import test from 'node:test';
import { EVENTS, logfmt, openLog, redact } from './log.ts';

type Line = Readonly<Record<string, unknown>>;

function parse(line = ''): Line {
  const parsed: unknown = JSON.parse(line);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  return { ...parsed };
}

function capture(terminal: boolean, json = false) {
  const lines: string[] = [];
  return { lines, log: openLog('backtest-job-runner', { terminal, json, write: (line) => lines.push(line) }) };
}

test('an event is JSON with its fields as keys, and its msg is logfmt', () => {
  const { lines, log } = capture(false);
  const job = log.child({ job_id: 'j1', attempt: 2, locked_by: 'host-1-ab' });
  job.event('lease_lost', { stage: 'stage_b', reason: 'two words', cause: null });
  const line = parse(lines[0]);
  assert.equal(
    line['msg'],
    'component=backtest-job-runner status=lost event=lease_lost job_id=j1 attempt=2 locked_by=host-1-ab stage=stage_b reason="two words"',
  );
  const { job_id, attempt, locked_by, stage, event, level, component } = line;
  assert.deepEqual(
    [job_id, attempt, locked_by, stage, event, level, component],
    ['j1', 2, 'host-1-ab', 'stage_b', 'lease_lost', 'warn', 'backtest-job-runner'],
  );
});

test('a switched off worker says what the runbook greps for', () => {
  const { lines, log } = capture(false);
  log.event('disabled');
  assert.match(lines[0] ?? '', /component=backtest-job-runner status=disabled/);
});

test('on a terminal the line is text with the same words', () => {
  const asked = capture(true, true);
  asked.log.event('started');
  assert.equal(parse(asked.lines[0])['event'], 'started', 'with --json it is JSON there too');
  const { lines, log } = capture(true);
  log.event('claimed', { job_id: 'j1' });
  assert.match(lines[0] ?? '', /component=backtest-job-runner status=running event=claimed job_id=j1/);
  assert.throws(() => JSON.parse(lines[0] ?? ''));
});

test('a failure keeps its stack out of msg', () => {
  const { lines, log } = capture(false);
  log.failure('Error: no disk\n    at somewhere');
  const line = parse(lines[0]);
  assert.equal(line['msg'], 'component=backtest-job-runner status=error reason="Error: no disk"');
  assert.equal(line['detail'], 'Error: no disk\n    at somewhere');
});

test('no password of a DSN gets through, wherever it stands', () => {
  const { lines, log } = capture(false);
  log.event('claim_failed', { reason: 'cannot reach postgres://me:hunter2@db:5432/x?sslmode=disable today' });
  log.failure('connect "postgresql://me:hunter2@db/x"\npassword=hunter2 host=db');
  log.pino.info({ nested: { dsn: 'postgres://me:hunter2@db/x' } }, 'hello');
  assert.equal(lines.length, 3);
  for (const line of lines) {
    assert.ok(!line.includes('hunter2'), line);
    JSON.parse(line);
  }
  assert.equal(redact('listening on http://127.0.0.1:9204/metrics'), 'listening on http://127.0.0.1:9204/metrics');
});

test('logfmt quotes what would not be one word', () => {
  assert.equal(
    logfmt({ a: 1, b: '', c: 'x=y', d: 'say "hi"', e: true, f: undefined }),
    'a=1 b="" c="x=y" d="say \\"hi\\"" e=true',
  );
});

test('the events are those of the runbook', () => {
  assert.deepEqual(
    [...EVENTS].sort(),
    'cancelled claim_failed claimed disabled failed lease_lost released series_chosen shutting_down snapshot snapshot_skipped stage_finished stage_started started succeeded'.split(
      ' ',
    ),
  );
});

test('redaction takes time in proportion to the line, whatever is in it', () => {
  const repeated = (text: string): string => text.repeat(Math.ceil(1e6 / text.length));
  for (const text of [
    'a',
    'a.',
    'A+',
    '://',
    'a://',
    'postgres://u:p@',
    'password',
    'password=',
    'password ',
    '?password=x&',
    ' ',
    '"',
    '\\',
    '@',
    ':',
  ]) {
    const since = performance.now();
    redact(repeated(text));
    redact(`${repeated(text)}://u:secret@h`);
    const took = performance.now() - since;
    assert.ok(took < 2000, `${JSON.stringify(text)} took ${took} ms`);
  }
});

test('a DSN behind a long word, behind digits and twice in a line loses its password', () => {
  for (const before of ['', 'x'.repeat(1e5), '12', 'a=', '"', "'", '\\n', 'http://h/ ', '://', '-+.'])
    assert.doesNotMatch(
      redact(`${before}postgres://u:secret@h/d ${before}postgres://u:secret@h/d`),
      /secret/,
      before.slice(0, 9),
    );
});
