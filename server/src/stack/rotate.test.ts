import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepSmall, rotate } from './rotate.ts';

test('a log that grows while it is written stays below its size, and its writer goes on', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'worker.log');
  rotate(file, 100); // there is none yet
  const log = openSync(file, 'a');
  for (let line = 0; line < 1000; line += 1) {
    writeSync(log, `line ${line}\n`);
    rotate(file, 100);
  }
  closeSync(log);
  assert.ok(statSync(file).size <= 110 && statSync(`${file}.1`).size <= 110);
  const kept = readFileSync(`${file}.1`, 'utf8') + readFileSync(file, 'utf8');
  assert.match(kept, /line 998\nline 999\n$/);
  assert.ok(!kept.includes('\0'), 'the writer left a hole');
});

test('a log is looked after from the start until disposed', { timeout: 10_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'api.log');
  const log = openSync(file, 'a');
  t.after(() => closeSync(log));
  writeSync(log, 'x'.repeat(200));
  using kept = keepSmall(file, 100, 5);
  assert.equal(statSync(file).size, 0);
  writeSync(log, 'y'.repeat(200));
  while (statSync(file).size > 0) await new Promise((resolve) => setTimeout(resolve, 5).ref());
  assert.equal(readFileSync(`${file}.1`, 'utf8'), 'y'.repeat(200));
  assert.ok(existsSync(file) && kept);
});
