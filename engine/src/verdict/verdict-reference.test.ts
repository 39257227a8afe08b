// docs/reference/verdict.md is what a trader reads: it has every question and every level, and the limits of the code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { QUESTIONS } from './questions.ts';
import { LEVELS } from './sentence.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/reference/verdict.md'), 'utf8');

test('every check but that of an idle grid has a row in the order in which they are told, and every id is named', () => {
  const rows = [...PAGE.matchAll(/^\| \**([A-Z][^|*]*\?)\** +\|/gm)].map(([, question]) => question);
  const { idle, ...nine } = QUESTIONS;
  assert.deepEqual(rows, Object.values(nine));
  assert.ok(idle.length > 0);
  for (const id of Object.keys(QUESTIONS)) assert.ok(PAGE.includes(`\`${id}\``), id);
});

test('every level is explained', () => {
  for (const level of Object.values(LEVELS)) assert.ok(PAGE.includes(`*${level}*`), level);
});

test('a page that is read in five minutes has at most 1,400 words', () => {
  const [prose = ''] = PAGE.split('## For programs');
  const words = prose.replaceAll(/```[^`]*```/g, '').match(/[A-Za-z0-9.]+/g) ?? [];
  assert.ok(words.length < 1400, `${words.length} words`);
});
