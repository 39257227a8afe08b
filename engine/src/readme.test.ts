// What README.md and package.json promise about this package: the example runs, nothing is needed from outside.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const SRC = import.meta.dirname;
const PACKAGE = dirname(SRC);

test('the examples of the README run as they stand, one after the other', async (t) => {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  assert.equal(examples.length, 4);
  assert.ok(examples[0].trimEnd().split('\n').length <= 11, 'the first takes ten lines, and one for the import');
  const folder = await mkdtemp(join(tmpdir(), 'engine-readme-'));
  t.after(() => rm(folder, { recursive: true }));
  // The year of the example in hours, with the default warm-up before it.
  const program = [
    `import { randomCandles } from '${import.meta.resolve('./testing/candles.ts')}';`,
    'const start = Date.UTC(2020, 0, 1) - 200 * 3_600_000;',
    'const candles = randomCandles(1, 200 + 366 * 24, { start, stepMs: 3_600_000 });',
    ...examples.map((code) => code.replace('@backtest-jobs/engine', import.meta.resolve('./index.ts'))),
  ];
  const file = join(folder, 'example.mts');
  await writeFile(file, program.join('\n'));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
  assert.equal(stderr, '');
  assert.match(stdout, /^\{\n {2}rank: 1,\n {2}variant_key: '[0-9a-f]{64}',\n/);
  assert.match(stdout, /\btotal_return_pct: -?\d/);
  const [, trades] = /\|Calmar Ratio\|[^|]+\| (\d+) 8784\n8984 8984\n$/.exec(stdout) ?? assert.fail(stdout);
  assert.ok(Number(trades) > 0);
});

test('every function and constant that index.ts exports says what it is', async () => {
  const index = await readFile(join(SRC, 'index.ts'), 'utf8');
  const silent: string[] = [];
  for (const [, names = '', file = ''] of index.matchAll(/^export \{([^}]+)\} from '(.+)';$/gm)) {
    const source = await readFile(join(SRC, file), 'utf8');
    for (const name of names.split(',').map((one) => one.trim())) {
      if (name === '' || name.startsWith('type ')) continue;
      const declared = new RegExp(`\\*/\\nexport (?:async )?(?:function\\*?|const|class) ${name}\\b`);
      if (!declared.test(source)) silent.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(silent, []);
});

test('the package depends on nothing', async () => {
  const manifest = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as object;
  const needs = Object.keys(manifest).filter((key) => /depend/i.test(key));
  assert.deepEqual(needs, []);
});

test('no source imports anything outside src, nor what is there for tests', async () => {
  const files = globSync('**/*.ts', { cwd: SRC }).filter((file) => !isForTests(file));
  assert.ok(files.length > 30, `${files.length} files`);
  const wrong: string[] = [];
  for (const file of files) {
    for (const specifier of importsOf(await readFile(join(SRC, file), 'utf8'))) {
      const target = relative(SRC, resolve(SRC, dirname(file), specifier));
      if (!/^\.\.?\//.test(specifier) || target.startsWith('..') || isForTests(target))
        wrong.push(`${file}: ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

function isForTests(file: string): boolean {
  return file.endsWith('.test.ts') || file.startsWith('testing');
}

/** What a file names after from, import, import( and require(. */
function importsOf(source: string): string[] {
  return [
    ...source.matchAll(/\bfrom ['"](.+?)['"]|^import ['"](.+?)['"]|\b(?:import|require)\(\s*['"](.+?)['"]/gm),
  ].map(([, from, effect, called]) => from ?? effect ?? called);
}
