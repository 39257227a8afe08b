// A key that stands twice, by the API and by the command line: a fee that is given twice is not a fee of 0.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SpecError } from '@backtest-jobs/engine';
import { buildApi } from '../../src/api.ts';
import { parseSpecText } from '../../src/cli/specfile.ts';
import { openPool } from '../../src/db.ts';
import { REPORTS, SOURCE, testConfig } from '../api.ts';

const TEXT = await readFile(join(import.meta.dirname, 'key-twice/spec.json'), 'utf8');
const PATH = 'template.execution.fee_pct';

test('the API refuses it with its path, to estimate and to submit, as JSON and as YAML', async (t) => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  const app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS });
  t.after(async () => {
    await app.close();
    await pool.end();
  });
  for (const url of ['/backtests/jobs/estimate', '/backtests/jobs']) {
    for (const type of ['application/json', 'application/yaml']) {
      const headers = { 'content-type': type };
      const { statusCode, body } = await app.inject({ method: 'POST', url, headers, payload: TEXT });
      assert.equal(statusCode, 422, body);
      const [problem] = JSON.parse(body).error.details.errors;
      assert.deepEqual([problem.path, problem.code], [PATH, 'duplicate_key']);
    }
  }
});

test('the command line refuses it with its path and line', () => {
  assert.throws(
    () => parseSpecText(TEXT, 'spec.json'),
    (error: unknown) => {
      assert.ok(error instanceof SpecError);
      const [problem] = error.problems;
      assert.deepEqual([problem?.path, problem?.code], [PATH, 'duplicate_key']);
      assert.match(problem?.message ?? '', /spec\.json:8/);
      return true;
    },
  );
});
