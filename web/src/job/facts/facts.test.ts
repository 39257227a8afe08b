import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptsSummary, attemptWords } from './attempts.ts';
import { ledgerFacts } from './ledger.ts';

test('the ledger is told in words, and what may spoil the result is marked', () => {
  const facts = Object.fromEntries(
    ledgerFacts({
      bars: 5431,
      target_bars: 5031,
      first_target: '2000-01-03T00:00:00.000Z',
      last_target: '2020-01-01T00:00:00.000Z',
      base_missing: null,
      carried_bars: 0,
      longest_gap_ms: 518_400_000,
      duplicates: 0,
      zero_volume_share: 0.2,
      digest: '761f6fa33534057d8a5cc86f',
      split_jumps: { count: 2, first: [{ time: '2014-06-09T00:00:00Z', split: '7:1' }] },
    }).map((fact) => [fact.name, fact]),
  );
  assert.equal(facts['Bars']?.value, '5,031, 2000-01-03 to 2020-01-01');
  assert.equal(facts['Before them']?.value, '400, for indicators to warm up');
  assert.equal(facts['Missing']?.value, 'exchange sessions: not counted');
  assert.equal(facts['Longest gap']?.value, '6 days');
  assert.equal(facts['Without volume']?.isDoubtful, true);
  assert.equal(facts['Like splits']?.value, '2: 7:1 on 2014-06-09');
  assert.equal(facts['Digest']?.value, '761f6fa33534057d');
  assert.equal(ledgerFacts({}).find(({ name }) => name === 'Longest gap')?.value, '–');
});

test('attempts are told one by one and as a whole', () => {
  const attempt = { attempt: 2, claimed_at: '2026-01-02T03:04:05.678901Z', ended_at: null, processed_from: 12_000 };
  assert.equal(
    attemptWords({ ...attempt, outcome: 'crashed', cause: 'out_of_memory' }),
    '2. 2026-01-02 03:04 UTC, from 12,000 on: crashed (out of memory)',
  );
  assert.equal(
    attemptWords({ ...attempt, processed_from: 0, outcome: null, cause: null }),
    '2. 2026-01-02 03:04 UTC: goes on',
  );
  assert.equal(attemptsSummary([{ ...attempt, outcome: 'succeeded', cause: null }]), '1, no crash');
  assert.equal(
    attemptsSummary([
      { ...attempt, outcome: 'lost', cause: null },
      { ...attempt, outcome: 'succeeded', cause: null },
    ]),
    '2, 1 of them ended by a crash',
  );
});
