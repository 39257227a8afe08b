import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Child } from './child.ts';
import type { ComputeJob } from './messages.ts';

test('a child that waited long for its job is not taken for one that does not get on', async () => {
  await using child = new Child();
  child.progressAt -= 300_000;
  child.meanChunkMs = 1e9;
  child.send({ type: 'run', job: {} as ComputeJob });
  assert.ok(performance.now() - child.progressAt < 60_000);
  assert.equal(child.meanChunkMs, 0);
});

test('a child that could not be started ends like one that crashed', async () => {
  await using child = new Child('/nonexistent/node');
  const exit = await child.next();
  assert.ok(exit.type === 'exit' && exit.cause === 'child_crashed');
  assert.match(exit.detail, /ENOENT/);
  assert.equal(child.alive, false);
});
