// The child process behind variant reports, when it comes to an end or never comes to be: the next question is answered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { parseSpec, SpecError } from '@backtest-jobs/engine';
import { specBody } from '../../test/api.ts';
import { openVariantReports, type ReportQuestion } from './reporter.ts';

const QUESTION: ReportQuestion = { spec: parseSpec(specBody()), which: { variant_index: 0 }, points: null, job: null };
const SETTINGS = { kind: 'parquet', folder: '/nonexistent' } as const;
const WAITING = new AbortController().signal;
// It answers that there are no candles, and an answer it is.
const ANSWER = SpecError;

test('who hangs up while the answer is on its way does not take the answer of the next one along', async () => {
  await using reports = openVariantReports(SETTINGS);
  await assert.rejects(reports.report(QUESTION, WAITING), ANSWER);
  const caller = new AbortController();
  const left = reports.report(QUESTION, caller.signal);
  const next = reports.report(QUESTION, WAITING);
  await turn();
  for (const until = performance.now() + 1000; performance.now() < until;); // so that it lies in the channel, unread
  caller.abort(new Error('hung up'));
  await assert.rejects(left, /hung up/);
  await assert.rejects(next, ANSWER);
});

test('a machine that could not start a process fails one question, not all that follow', async () => {
  await using reports = openVariantReports(SETTINGS);
  const { execPath } = process;
  process.execPath = '/nonexistent/node';
  const failed = assert.rejects(reports.report(QUESTION, WAITING), /ENOENT/);
  await failed.finally(() => (process.execPath = execPath));
  await assert.rejects(reports.report(QUESTION, WAITING), ANSWER);
});
