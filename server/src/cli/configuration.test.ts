import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SettingsError } from '../config/settings.ts';
import { readConfiguration } from './configuration.ts';

test('what is wrong with the environment and with the file is told in one go', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-configuration-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'backtest.yaml');
  await writeFile(file, 'version: 1\nbacktest: { jobs: { lease_second: 60, max_crashes: 0 } }\n');
  const env = { ROEHUB_ENV: 'production', CH_PORT: 'http', CH_SECURE: 'maybe' };
  await assert.rejects(readConfiguration('worker', file, env), (error) => {
    assert.ok(error instanceof SettingsError);
    const told = error.problems.join('\n');
    for (const part of ['STRATEGY_PG_DSN', 'ROEHUB_ENV', 'CH_PORT', 'CH_SECURE', 'lease_second', 'max_crashes'])
      assert.match(told, new RegExp(`\\b${part}\\b`), part);
    assert.match(told, /lease_second is not a known key, did you mean lease_seconds\?/);
    assert.equal(error.problems.length, 6, told);
    return true;
  });
});
