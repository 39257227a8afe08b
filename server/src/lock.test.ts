import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockFile, tryLock } from './lock.ts';

test('one holder at a time, in this process too; who waits too long is told which file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'lock');
  let holders = 0;
  const hold = async () => {
    using _ = await lockFile(file);
    holders += 1;
    assert.equal(holders, 1);
    await assert.rejects(lockFile(file, 0), /lock is held by another process/);
    assert.equal(tryLock(file), null);
    assert.deepEqual(readdirSync(folder), ['lock']); // so that a holder that is killed leaves nothing else
    assert.equal(holders, 1);
    holders -= 1;
  };
  await Promise.all([hold(), hold(), hold()]);
  await assert.rejects(lockFile(join(folder, 'missing', 'lock')), /cannot lock .*missing/);
});
