// Every regular expression of the sources takes time in proportion to its input: each is fed a megabyte of what it may
// dislike, and one that tries each place again and again (quadratic time) would take hours.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, Script } from 'node:vm';
import { PROJECT } from '../src/config/paths.ts';

const BYTES = 1 << 20;
const LIMIT_MS = 2000;

// What stands before a literal; anything else before a slash makes it a division.
const LITERAL =
  /(?:^|[(,=:[!&|?{};>]|\breturn|\bof|\bin)\s*\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g;

const SIGNS = 'aZz0 \t\n.-_:/"\'\\()[]{}|#&=%@+*,;<>!?^$~é\0';
// oxfmt-ignore
const PIECES = [
  ...Array.from({ length: SIGNS.length }, (_, at) => SIGNS.charAt(at)),
  '\r\n', 'a ', ' a', '0.', '.0', '0,', ',,', '""', '\\"', "''", '1e', '0-', '--', 'a.', 'a_', 'a-', '://', 'a:', '%20', '..',
  '\n ', ' \n', '# ', '* ', '- ', 'a=', '&a=', 'password=', "password='", 'aA', '{a', 'a}', '${', '(a', 'a)', '[1', '1]',
];

interface Found {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function patterns(): Found[] {
  const files = globSync('{server,engine}/src/**/*.ts', { cwd: PROJECT }).filter((file) => !file.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(PROJECT, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
      .join('\n');
    return [...text.matchAll(LITERAL)].map(([, source = '', flags = '']) => ({ file, source, flags }));
  });
}

/** The pattern's own words are pieces, too: what it nearly matches takes longest. */
function inputs({ source }: Found): string[] {
  const words = source.match(/[a-zA-Z0-9]{2,}|\\[^a-zA-Z]/g) ?? [];
  const own = words.slice(0, 6).map((word) => word.replace(/^\\/, ''));
  return [...PIECES, ...own].map((piece) => piece.repeat(Math.ceil(BYTES / piece.length)));
}

/** Milliseconds, or null when it is not done by the limit. V8 ends a pattern in the middle of its search. */
function time(found: Found, text: string): number | null {
  const pattern = new RegExp(found.source, found.flags);
  const context = createContext({ pattern, text: `${text}\u0001` });
  const since = performance.now();
  try {
    new Script('pattern.global ? text.replace(pattern, "") : pattern.test(text)').runInContext(context, {
      timeout: LIMIT_MS,
    });
    return performance.now() - since;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

test('every pattern is linear', { timeout: 600_000 }, (t) => {
  const all = patterns();
  assert.ok(all.length > 80, `${all.length} patterns found`);
  const slow: string[] = [];
  let worst = 0;
  for (const found of all) {
    for (const text of inputs(found)) {
      const ms = time(found, text);
      worst = Math.max(worst, ms ?? LIMIT_MS);
      if (ms !== null) continue;
      slow.push(`${found.file}: /${found.source}/${found.flags} with ${JSON.stringify(text.slice(0, 8))}`);
      break;
    }
  }
  t.diagnostic(`${all.length} patterns, the longest search took ${worst.toFixed(0)} ms`);
  assert.deepEqual(slow, []);
});

test('a pattern that is not would be found', () => {
  for (const source of ['[a-z]+=', '(a+)+$', '\\s+$']) {
    const found = { file: '', source, flags: '' };
    assert.ok(
      inputs(found).some((text) => time(found, text) === null),
      source,
    );
  }
});
