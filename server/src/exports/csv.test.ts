import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText } from './csv.ts';
import { ndjsonText } from './ndjson.ts';
import { inBatches, type SheetRow, type Sheet } from './sheet.ts';

function sheetOf(rows: readonly SheetRow[]): Sheet {
  return {
    columns: [
      { name: '=cmd', type: 'text' },
      { name: 'at', type: 'instant' },
      { name: 'score', type: 'number' },
    ],
    batches: inBatches(rows),
  };
}

async function textOf(texts: AsyncGenerator<string, void>): Promise<string> {
  let all = '';
  for await (const text of texts) all += text;
  return all;
}

const ROWS: readonly SheetRow[] = [
  ['=HYPERLINK("x")', Date.UTC(2024, 0, 2), -1.5],
  ['+1', 0, Infinity],
  ['-1', 0, -Infinity],
  ['@a', 0, NaN],
  ['plain, with "quotes"\nand a break', 0, null],
  ['a=b', 0, 1e-7],
];

test('text that a spreadsheet would run is defused, numbers are left as they are', async () => {
  const at = '1970-01-01T00:00:00.000Z';
  assert.deepEqual((await textOf(csvText(sheetOf(ROWS)))).split('\n'), [
    "'=cmd,at,score",
    `"'=HYPERLINK(""x"")",2024-01-02T00:00:00.000Z,-1.5`,
    `'+1,${at},inf`,
    `'-1,${at},-inf`,
    `'@a,${at},`,
    '"plain, with ""quotes""',
    `and a break",${at},`,
    `a=b,${at},1e-7`,
    '',
  ]);
});

test('NDJSON has an object a line, with text as it is', async () => {
  const lines = (await textOf(ndjsonText(sheetOf(ROWS)))).trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    rows.map((row) => [row['=cmd'], row['score']]),
    [
      ['=HYPERLINK("x")', -1.5],
      ['+1', 'inf'],
      ['-1', '-inf'],
      ['@a', null],
      ['plain, with "quotes"\nand a break', null],
      ['a=b', 1e-7],
    ],
  );
});
