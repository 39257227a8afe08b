import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { childrenOf } from '../../test/fleet.ts';
import { childEnvironment } from '../config/child-environment.ts';
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

const NOT_STARTED = [
  ['a program that is not there', '/nonexistent/node', /ENOENT/],
  ['a program that may not be run', '/etc/passwd', /EACCES/],
  ['a program in a file that is no folder', '/etc/passwd/node', /ENOTDIR/],
] as const;

for (const [what, execPath, words] of NOT_STARTED) {
  test(`a child of ${what} ends as one that never was, which is the worker's trouble`, async () => {
    await using child = new Child({ execPath });
    const exit = await child.next();
    assert.ok(exit.type === 'exit' && exit.cause === 'worker_no_child', JSON.stringify(exit));
    assert.match(exit.detail, words);
    assert.deepEqual([child.alive, await child.ready], [false, false]);
  });
}

test("a child that ends before it has loaded its program is the worker's trouble, whatever it says", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-child-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of [
    ['missing.mjs', "import './gone.mjs';"],
    ['broken.mjs', 'this is no program'],
    ['quits.mjs', 'process.exit(0);'],
    ['memory.mjs', "console.error('heap out of memory'); process.exit(134);"],
  ] as const) {
    await writeFile(join(folder, name), text);
    await using child = new Child({ module: pathToFileURL(join(folder, name)) });
    const exit = await child.next();
    assert.ok(exit.type === 'exit' && exit.cause === 'worker_no_child', `${name}: ${JSON.stringify(exit)}`);
    assert.equal(await child.ready, false);
  }
});

test('a child that has loaded its program is ready, and has no DSN in its environment', async () => {
  const names = [
    'STRATEGY_PG_DSN',
    'POSTGRES_DSN',
    'CH_PASSWORD',
    'CLICKHOUSE_PASSWORD',
    'PGPASSWORD',
    'ANYTHING_ELSE',
  ];
  const secrets = Object.fromEntries(names.map((name) => [name, 'secret']));
  assert.deepEqual(childEnvironment({ ...secrets, PATH: '/bin', ROEHUB_ENV: 'test' }), {
    PATH: '/bin',
    ROEHUB_ENV: 'test',
  });
  Object.assign(process.env, secrets);
  try {
    const others = await childrenOf(process.pid);
    await using child = new Child();
    assert.equal(await child.ready, true);
    const pid = (await childrenOf(process.pid)).find((one) => !others.includes(one));
    assert.doesNotMatch(await readFile(`/proc/${pid}/environ`, 'utf8'), /secret/);
  } finally {
    for (const name of names) delete process.env[name];
  }
});
