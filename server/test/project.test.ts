// What holds for the checkout as a whole and no compiler sees: nothing in it points at the machine it was written on,
// the documents point at what is there, and the budgets of the lint have no silent exceptions.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DEFAULTS, parseSpec, parseStrategy } from '@backtest-jobs/engine';
import { parse } from 'yaml';
import { PROJECT } from '../src/config/paths.ts';

const read = (file: string): Promise<string> => readFile(join(PROJECT, file), 'utf8');

/** Every file that is in the repository or about to be; null, and the test skipped, where there is no repository. */
function projectFiles(t: TestContext): string[] | null {
  if (!existsSync(join(PROJECT, '.git'))) {
    t.skip('which files belong to the project only git knows: run this in a clone');
    return null;
  }
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  const files = [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(PROJECT, file)));
  assert.ok(files.includes('README.md'));
  return files;
}

/** `file:line: text` of every match. */
async function findAll(files: readonly string[], pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    for (const [at, line] of (await read(file)).split('\n').entries()) {
      const match = pattern.exec(line);
      if (match !== null) found.push(`${file}:${at + 1}: ${match[0]}`);
    }
  }
  return found;
}

test('the lockfile says what to install, not from which registry', async () => {
  const lock = await read('package-lock.json');
  assert.match(lock, /"integrity": "sha512-/);
  assert.doesNotMatch(lock, /"resolved": "http/);
});

test('no file names a folder of the machine it was written on', async (t) => {
  const files = projectFiles(t);
  if (files === null) return;
  // Home folders but that of an imagined user in a test; places of the system like /var/lib are no such thing.
  assert.deepEqual(await findAll(files, /(?<![\w.*)-])\/(?:work|root|mnt|Users|home\/(?!me\/))(?:\/|\b)\S*/), []);
});

test('no file names the host of a package registry', async (t) => {
  const files = projectFiles(t);
  if (files === null) return;
  const hosts =
    /npmjs\.(?:org|com)|yarnpkg\.com|npm\.pkg\.\w|npmmirro[r]|jfro[g]|artifactor[y]|verdacci[o]|^\s*registry\s*=/i;
  assert.deepEqual(await findAll(files, hosts), []);
});

test('every relative link of every document leads to a file', async (t) => {
  const documents = projectFiles(t)?.filter((file) => file.endsWith('.md'));
  if (documents === undefined) return;
  let links = 0;
  for (const document of documents) {
    for (const [, target = ''] of (await read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = ''] = target.split('#', 1);
      assert.ok(existsSync(join(PROJECT, dirname(document), path)), `${document}: ${target}`);
    }
  }
  assert.ok(links >= 8, `${links} links`);
});

/** Names of files that stand for the reader's own. */
const PLACEHOLDERS = new Set([
  'my.yaml',
  'FILE.csv',
  'x.test.ts',
  'x.db.test.ts',
  'x.slow.test.ts',
  'scoring-worker.js',
  '.backtest/',
  'dist/lib',
  'NNNN-the-choice-in-a-few-words.md',
]);
/** What paths of a document may begin in, so that a paragraph about a room need not repeat where the room is. */
const STARTS = ['', 'engine', 'engine/src', 'server', 'server/src', 'server/src/candles', 'engine/src/verdict'];

test('every path that ARCHITECTURE, CONTRIBUTING and the READMEs name exists', async (t) => {
  const files = projectFiles(t);
  if (files === null) return;
  const exists = (path: string, document: string): boolean =>
    [dirname(document), ...STARTS].some((start) => existsSync(join(PROJECT, start, path)));
  const missing: string[] = [];
  let named = 0;
  for (const document of files.filter((file) => /(?:^|\/)(?:ARCHITECTURE|CONTRIBUTING|README)\.md$/.test(file))) {
    const spans = [...(await read(document)).matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) =>
      span.split(/[\s,:()]+/),
    );
    for (const path of spans) {
      const isPath =
        /^[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(path) && /\/|\.(?:ts|mjs|md|sql|ya?ml|json|wasm|csv)$/.test(path);
      if (!isPath || PLACEHOLDERS.has(path)) continue;
      named += 1;
      if (!exists(path, document)) missing.push(`${document}: ${path}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(named > 80, `${named} paths`);
});

test('every source that a comment names exists', async (t) => {
  const files = projectFiles(t)?.filter((file) => /\.(?:ts|mjs)$/.test(file));
  if (files === undefined) return;
  const missing: string[] = [];
  for (const file of files) {
    for (const [, comment = ''] of (await read(file)).matchAll(/(?:^|\s)(?:\/\/|\/?\*\*?) (.*)$/gm)) {
      for (const [name] of comment.matchAll(/(?<![\w./*-])[\w-]+(?:\/[\w-]+)*(?:\.[a-z]+)*\.ts\b/g)) {
        if (!files.some((one) => one === name || one.endsWith(`/${name}`))) missing.push(`${file}: ${name}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

test('a source opens with its idea and one blank line after it', async (t) => {
  const files = projectFiles(t)?.filter((file) => /^(?:engine\/src|server|bench)\/.*\.ts$/.test(file));
  if (files === undefined) return;
  const wrong: string[] = [];
  for (const file of files) {
    const text = await read(file);
    const header = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '';
    const isTest = /\.test\.ts$|\/kernels-wasm\.ts$|\/version\.ts$/.test(file);
    if ((header === '' && !isTest) || (header !== '' && text[header.length] !== '\n')) wrong.push(file);
  }
  assert.deepEqual(wrong, []);
});

test('the product does not know its command line: only commands import from server/src/cli', async (t) => {
  const rooms = projectFiles(t)?.filter((file) => /^server\/src\/(?!cli(?:\.ts|\/)).*(?<!\.test)\.ts$/.test(file));
  if (rooms === undefined) return;
  assert.ok(rooms.length > 50, `${rooms.length} sources`);
  assert.deepEqual(await findAll(rooms, /from '[./]+\/cli\/.*'/), []);
});

test('the specs of the README are accepted', async () => {
  const blocks = [...(await read('README.md')).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => parse(yaml));
  assert.equal(blocks.length, 5);
  const [whole, rules, saved, validated, ranked] = blocks;
  const { template } = parseSpec(whole);
  assert.ok('indicator_grids' in template && template.indicator_grids.length === 2);
  assert.deepEqual(template.risk_grid.sl, { mode: 'explicit', values: ['off', 2, 5] });
  const byRules = parseSpec({ ...whole, ...rules }).template;
  assert.ok('rules' in byRules && Object.keys(byRules.params).length === 3);
  assert.equal(parseSpec({ ...whole, ...validated }).validation?.mode, 'holdout');
  const { ranking, luck } = parseSpec({ ...whole, ...ranked });
  assert.deepEqual([ranking.plateau, luck?.permutations, luck?.blocks], [2, 999, 20]);
  const strategy = parseStrategy({ name: 'saved', template: whole.template });
  assert.equal(parseSpec(saved, DEFAULTS, strategy).template.direction_mode, 'long-only');
});

const BUDGETS: Readonly<Record<string, number>> = {
  'max-lines': 300,
  'max-lines-per-function': 60,
  'max-depth': 3,
  'max-params': 4,
};

interface LintConfig {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules?: Readonly<Record<string, unknown>>;
  }[];
}

test('the budgets of the lint are those of CONTRIBUTING.md, and an exception is a file by its name', async () => {
  const comments = /^\s*\/\/.*$/gm;
  const { rules, overrides } = JSON.parse((await read('.oxlintrc.json')).replaceAll(comments, '')) as LintConfig;
  for (const [rule, max] of Object.entries(BUDGETS)) {
    const [severity, options] = rules[rule] as [string, { max: number }];
    assert.deepEqual([rule, severity, options.max], [rule, 'error', max]);
  }
  for (const { files, rules: changed = {} } of overrides) {
    if (!Object.keys(changed).some((rule) => rule in BUDGETS)) continue;
    if (files.join() === '**/*.test.ts') continue; // a test is as long as its table of cases
    if (files.join() === 'web/**/*.tsx') {
      const { max } = (changed['max-lines-per-function'] as [string, { max: number }])[1];
      assert.equal(max, 90); // a component is mostly what it draws
      continue;
    }
    for (const file of files) assert.ok(existsSync(join(PROJECT, file)), `${file} is not the name of a file`);
  }
});

test('no source switches a budget, or everything, off for itself', async (t) => {
  const sources = projectFiles(t)?.filter((file) => /\.(?:ts|mjs|js)$/.test(file));
  if (sources === undefined) return;
  const disabled = /(?:oxlint|eslint)-disable(?:-next-line|-line)?(?:.*\bmax-|\s*(?:--|\*\/|$))/;
  assert.deepEqual(await findAll(sources, disabled), []);
});
