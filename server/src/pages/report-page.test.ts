// The page by itself: what it holds for every kind of result, and that no text of a user becomes markup.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { NASTY, page, partWith, searchData, variantData } from '../../test/report-data.ts';
import { reportPage } from './report-page.ts';
import { STYLES } from './styles.ts';
import * as words from './words.ts';

/** Reads the data block as a program would. */
function dataOf(text: string): Record<string, unknown> {
  const [, json = ''] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(text) ?? [];
  return JSON.parse(json) as Record<string, unknown>;
}

test('a search has its verdict with every check, rows, drawings, months, trades, candles, spec and command', () => {
  const text = reportPage(searchData());
  assert.match(text, /^<!doctype html>/);
  for (const part of [
    'Likely luck',
    'More than luck?',
    'Best variants',
    'Trades',
    'Months',
    'Candles',
    'How it ran',
    'backtest run spec.yaml --variant 7',
  ])
    assert.ok(text.includes(part), part);
  assert.equal(text.match(/data-check="/g)?.length, 4);
  assert.match(text, /data-check="luck" data-mark="bad"/);
  assert.match(text, /data-check="oos" data-mark="none"/);
  assert.match(text, /class="luck".*?data-luck="0.5"/s);
  assert.equal(text.match(/class="hump"/g)?.length, 5, 'a bar for each filled bin');
  assert.match(text, /\+258\.4/);
  assert.match(text, /−12\.5/);
});

test('it loads nothing and runs nothing: one policy, no address, one script that is data', () => {
  const text = reportPage(searchData());
  assert.match(
    text,
    /content="default-src &#39;none&#39;|content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/,
  );
  assert.deepEqual(text.match(/<script[^>]*>/g), ['<script type="application/json" id="report-data">']);
  assert.doesNotMatch(text, /\b(?:src|href)=|url\(|@import|https?:/);
});

test('texts of users are text wherever they stand, and the data block gives them back', () => {
  const data = page(NASTY);
  const text = reportPage(data);
  assert.doesNotMatch(text, /<img|<b onerror|onerror=["']?alert\(1\)["']?>/);
  assert.equal(text.match(/<\/script>/g)?.length, 1);
  assert.equal(dataOf(text)['title'], NASTY);
  assert.deepEqual(dataOf(text), JSON.parse(JSON.stringify(data)));
});

test('what is not known is said: no verdict, nothing ranked, no trades, infinities', () => {
  const unfinished = reportPage({ ...searchData(), verdict: null, unfinished: 'cancelled', ledger: null });
  assert.match(unfinished, /No verdict.*The job is cancelled/s);
  const nothing = reportPage({ ...searchData(), rows: [], kept: 0, variant: null, command: null });
  assert.match(nothing, /No variant made it into the ranking/);
  const { variant } = searchData();
  const metrics = {
    total_return_pct: 'inf',
    max_drawdown_pct: null,
    profit_factor: 'inf',
    sharpe: '-inf',
    num_trades: 0,
  } as const;
  const idle = reportPage({ ...variantData(), variant: variant && { ...variant, ...partWith(0), metrics } });
  assert.match(idle, /It made no trades/);
  assert.match(idle, /\+∞<\/b>/);
  assert.match(idle, /−∞<\/b>/);
  assert.doesNotMatch(idle, /NaN|undefined|Infinity/);
  assert.doesNotMatch(unfinished + nothing, /NaN|undefined/);
});

test('without permuted markets the hump is drawn by formula, and without either there is none', () => {
  const { verdict } = searchData();
  assert.ok(verdict);
  const formula = reportPage({ ...searchData(), verdict: { ...verdict, permuted: null } });
  assert.match(formula, /class="hump dotted" d="M[\d.]/);
  assert.doesNotMatch(formula, /NaN/);
  const none = reportPage({ ...searchData(), verdict: { ...verdict, permuted: null, sharpe_variance_daily: null } });
  assert.doesNotMatch(none, /class="luck"/);
});

test('a walk forward has a row for each fold, one without a best too', () => {
  const text = reportPage(page('walk'));
  assert.match(text, /The best of each search on the bars behind it/);
  assert.match(text, /2019-01-01 to 2019-06-30/);
  assert.match(text, /<th scope="col">Unseen %/);
});

test('a variant has the verdict in a strip that says whom it is about, and no table of the best', () => {
  const text = reportPage(variantData());
  assert.match(text, /not about this one/);
  assert.doesNotMatch(text, /Best variants/);
  const changed = variantData();
  const { variant } = changed;
  assert.match(
    reportPage({ ...changed, variant: variant && { ...variant, same_candles: false } }),
    /candles have changed/,
  );
});

test('the largest result stays under 2 MB, and says what it left out', () => {
  const data = searchData();
  const { variant } = data;
  assert.ok(variant);
  const part = partWith(20_000);
  const text = reportPage({
    ...data,
    rows: Array.from({ length: 2000 }, (_, at) => ({ ...(data.rows[0] ?? assert.fail()), rank: at + 1 })),
    kept: 2000,
    variant: { ...variant, ...part, unseen: part },
    spec_yaml: 'axis: 1\n'.repeat(400_000),
  });
  assert.ok(text.length < 2e6, `${text.length} characters`);
  assert.match(text, /the first 100 of 2,000/);
  assert.match(text, /The first 150 and the last 150 of 20,000/);
  assert.match(text, /# \.\.\. cut here/);
});

type Screen = Pick<typeof words, 'signed' | 'tone' | 'span'> & {
  readonly decimal: typeof words.decimalText;
  readonly count: typeof words.countText;
};

test('numbers and colours are those of the screen', async () => {
  const screen = (await import(new URL('../../../web/src/words/format.ts', import.meta.url).href)) as Screen;
  const values = [
    0,
    -0,
    1,
    -1,
    0.004,
    -0.004,
    12.345,
    -1234.5,
    2_796_412.4,
    'inf',
    '-inf',
    null,
    undefined,
    NaN,
  ] as const;
  const { countText, decimalText, signed, tone } = words;
  assert.deepEqual(
    values.map((value) => [decimalText(value), countText(value), signed(value), tone(value)]),
    values.map((value) => [screen.decimal(value), screen.count(value), screen.signed(value), screen.tone(value)]),
  );
  for (const seconds of [0, 9.94, 9.95, 28, 90, 192, 5400, 7500, 1e6, null, NaN])
    assert.equal(words.span(seconds), screen.span(seconds));
  const { METRICS } = (await import(new URL('../../../web/src/words/metrics.ts', import.meta.url).href)) as {
    METRICS: Record<string, { name: string; unit: string; format: (value: number) => string }>;
  };
  assert.deepEqual(Object.keys(words.METRIC_WORDS), Object.keys(METRICS));
  for (const [id, { name, unit, format }] of Object.entries(METRICS)) {
    const own = words.metricWords(id);
    assert.deepEqual([own.name, own.unit, own.format(-12.3456)], [name, unit, format(-12.3456)], id);
  }
  const tokens = await readFile(new URL('../../../web/src/styles/tokens.css', import.meta.url), 'utf8');
  const colours = [...STYLES.matchAll(/(--[a-z0-9-]+): ?(#\w+);/g)];
  assert.equal(colours.length, 56);
  for (const [, name, value] of colours) assert.ok(tokens.includes(`${name}: ${value};`), `${name}: ${value}`);
});
