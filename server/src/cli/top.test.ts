import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothingText, tradesLines, type TopLine } from './top.ts';

test('only a job that goes on may have variants later', () => {
  for (const state of ['queued', 'running']) assert.match(nothingText(state), /yet$/);
  for (const state of ['failed', 'cancelled'])
    assert.equal(nothingText(state), `the job ended ${state} before its first snapshot: it has no variants`);
  assert.doesNotMatch(nothingText('succeeded'), /yet/);
});

test('trades that are not all stored are counted, with what has them all', () => {
  const trade = { direction: 'long', entry_time: '', exit_time: '', return_pct: 1, exit_reason: 'signal' };
  const item = (changes: object): TopLine =>
    ({ rank: 1, variant_key: 'k', variant_index: 7, metrics: {}, payload: {}, ...changes }) as unknown as TopLine;
  const cut = item({ trades: [trade, trade], trades_total: 560_158, trades_cut: true });
  assert.match(
    tradesLines(cut)[0]!,
    /2 of 560,158 trades are stored, the first and the last; .* --variant 7 reports all/,
  );
  assert.deepEqual(tradesLines(item({ trades: [trade], trades_total: 1, trades_cut: false })), []);
  assert.deepEqual(tradesLines(item({})), []);
});
