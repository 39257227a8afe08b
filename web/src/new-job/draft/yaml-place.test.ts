import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { placeIn } from './yaml-place.ts';

const TEXT = `name: x
template:
  timeframe: 1x
  indicator_grids:
    - indicator_id: ma.sma
      params: { window: { mode: range, start: 5 } }
  signal_grids:
    ma.sma: { inverted: 7 }
top_k: 0
`;

const CASES: Readonly<Record<string, string>> = {
  top_k: '0',
  'template.timeframe': '1x',
  'template.indicator_grids[0].indicator_id': 'ma.sma',
  'template.indicator_grids[0].params.window.start': '5',
  'template.signal_grids.ma.sma.inverted': '7',
  'template.indicator_grids[0].params.window.step': 'window',
  'template.signal_grids.ma.sma': 'ma.sma',
  'template.rules': 'template',
  'time_range.start': 'n',
};

for (const [path, marked] of Object.entries(CASES)) {
  test(`a problem at ${path} is marked at ${marked}`, () => {
    const [from, to] = placeIn(parseDocument(TEXT), path);
    assert.equal(TEXT.slice(from, to), marked);
  });
}

test('an empty text has a place too', () => assert.deepEqual(placeIn(parseDocument(''), 'template'), [0, 0]));
