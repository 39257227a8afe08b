// The reference of trades promises numbers: each of its blocks is run through `simulate`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TargetBars } from '../bars/carried.ts';
import { HOUR_MS } from '../spec.ts';
import { candlesOfBars, settingWith, signalOfText } from '../testing/settings.ts';
import { exitsOfText, lines, type Bar } from '../testing/simulations.ts';
import type { Setting, Simulation } from './setting.ts';
import { simulate } from './simulate.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/reference/trades.md'), 'utf8');

interface Block {
  readonly line: number;
  readonly rows: readonly (readonly [name: string, text: string])[];
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```trades\n(.*?)^```$/gms)].map((match) => ({
    line: page.slice(0, match.index).split('\n').length,
    rows: (match[1] ?? '')
      .trimEnd()
      .split('\n')
      .map((row) => [row.slice(0, 9).trim(), row.slice(9).trim()] as const),
  }));
}

function cellsOf({ rows }: Block, name: string): readonly string[] | null {
  const row = rows.find(([first]) => first === name);
  return row === undefined ? null : row[1].split(/ +/);
}

/** `fill: next_open, sl: 5` as a setting. */
function settingOfText(text: string): Setting {
  const pairs = text === '' ? [] : text.split(', ').map((pair) => pair.split(': '));
  const changes = pairs.map(([name = '', value = '']) => [name, Number.isNaN(Number(value)) ? value : Number(value)]);
  const setting = settingWith(Object.fromEntries(changes) as Partial<Setting>);
  for (const [name = ''] of pairs) assert.ok(name in settingWith() || name === 'ambiguous', `${name} is no setting`);
  return setting;
}

function runBlock(block: Block): Simulation {
  const prices = (name: string) => cellsOf(block, name)?.map(Number);
  const close = prices('close') ?? assert.fail('no closes');
  const [open, high, low] = [prices('open') ?? close, prices('high'), prices('low')];
  const bars = close.map((price, bar): Bar => {
    const first = open[bar] ?? NaN;
    return [first, high?.[bar] ?? Math.max(first, price), low?.[bar] ?? Math.min(first, price), price];
  });
  const carried = cellsOf(block, 'carried');
  const target: TargetBars = {
    ...candlesOfBars(bars, HOUR_MS),
    carried: carried && Uint8Array.from(carried, (mark) => Number(mark === 'x')),
  };
  const text = (name: string) => cellsOf(block, name)?.join('');
  const [long, short] = [text('exitLong'), text('exitShort')];
  const exits = exitsOfText({ ...(long !== undefined && { long }), ...(short !== undefined && { short }) });
  const setting = settingOfText(block.rows.find(([name]) => name === 'setting')?.[1] ?? '');
  return simulate(target, signalOfText(text('signal') ?? ''), setting, exits);
}

/** The fills of a trade to 4 places. */
function rounded(line: string): string {
  return line.replace(/[\d.]+>[\d.]+$/, (fills) => fills.split('>').map(short).join('>'));
}

function short(value: string | number): string {
  return String(Number(Number(value).toFixed(4)));
}

const blocks = blocksOf(PAGE);

test('the page has blocks, and each has rows that this test knows', () => {
  assert.ok(blocks.length >= 15, `${blocks.length} blocks`);
  const known = 'setting bar open high low close carried signal exitLong exitShort trade equity told'.split(' ');
  for (const { rows, line } of blocks)
    for (const [name] of rows) assert.ok(known.includes(name), `line ${line}: ${name}`);
});

for (const block of blocks) {
  test(`trades.md, line ${block.line}`, () => {
    const simulation = runBlock(block);
    const bars = cellsOf(block, 'bar') ?? [];
    assert.deepEqual(bars, [...simulation.equity.keys()].map(String));
    const trades = block.rows.filter(([name]) => name === 'trade').map(([, text]) => text);
    assert.deepEqual(lines(simulation).map(rounded), trades);
    const equity = cellsOf(block, 'equity')?.map(short);
    if (equity !== undefined) assert.deepEqual([...simulation.equity].map(short), equity);
    for (const told of block.rows.find(([name]) => name === 'told')?.[1].split(', ') ?? []) {
      const [name = '', value] = told.split(' ');
      assert.equal(JSON.stringify(simulation[name as keyof Simulation]), value, name);
    }
  });
}
