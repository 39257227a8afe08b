import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from './csv.ts';

test('a table becomes CSV that a reader and a spreadsheet take as it is', () => {
  assert.equal(
    toCsv(
      ['a', 'b, c'],
      [
        ['x "y"', -1.5],
        ['=1+1', null],
        ['line\nline', Infinity],
      ],
    ),
    'a,"b, c"\r\n"x ""y""",-1.5\r\n\'=1+1,\r\n"line\nline",Infinity\r\n',
  );
});
