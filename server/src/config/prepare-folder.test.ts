import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareFolder } from './prepare-folder.ts';
import { SettingsError } from './settings.ts';

test('a folder is made with all above it, and one that is there is left alone', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'backtest-folder-'));
  t.after(() => rmSync(top, { recursive: true }));
  prepareFolder(join(top, 'a/b/c'), 'BACKTEST_HOME', 0o700);
  prepareFolder(join(top, 'a/b/c'), 'BACKTEST_HOME', 0o700);
  assert.equal(statSync(join(top, 'a/b')).mode & 0o777, 0o700);
  writeFileSync(join(top, 'file'), '');
  for (const path of [join(top, 'file'), join(top, 'file/below')])
    assert.throws(
      () => prepareFolder(path, 'BACKTEST_HOME'),
      (error) => error instanceof SettingsError && error.message.includes(path),
    );
});

test(
  'a folder that the system does not make is named, at once',
  { timeout: 10_000, skip: process.platform !== 'linux' && 'needs /proc' },
  () => {
    for (const path of ['/proc/nope', '/proc/nope/logs', '/proc/self/nope/a/b', '/dev/null/home'])
      assert.throws(
        () => prepareFolder(path, 'BACKTEST_HOME'),
        (error) =>
          error instanceof SettingsError && error.message.startsWith(`BACKTEST_HOME: ${path} cannot be made: `),
      );
  },
);
