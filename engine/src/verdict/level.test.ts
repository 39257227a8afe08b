import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf, type Evidence } from './level.ts';

const CLEAN: Evidence = {
  ranked: true,
  p: 0.01,
  complete: true,
  deflated: 0.99,
  loss: 0.01,
  amongCompared: true,
  winsEveryBlock: false,
  doubted: false,
};

type Level = ReturnType<typeof levelOf>;

const TABLE: readonly (readonly [string, Partial<Evidence>, Level])[] = [
  ['all is well', {}, 'unlikely'],
  ['nothing was ranked', { ranked: false }, 'unknown'],
  ['neither p nor a deflated ratio', { p: null, deflated: null }, 'unknown'],
  ['p alone', { deflated: null }, 'unlikely'],
  ['p of 0.05', { p: 0.05 }, 'unlikely'],
  ['p just above 0.05', { p: 0.0501 }, 'possible'],
  ['p of 0.2', { p: 0.2 }, 'possible'],
  ['p just above 0.2', { p: 0.201 }, 'likely'],
  ['p of 0.2, and it loses in half of all halves', { p: 0.2, loss: 0.5 }, 'possible'],
  ['p of 0.2, and it loses in more than half', { p: 0.2, loss: 0.51 }, 'likely'],
  ['p of 0.05, and it loses in more than half', { p: 0.05, loss: 0.51 }, 'possible'],
  ['a loss of 0.05', { loss: 0.05 }, 'unlikely'],
  ['a loss just above 0.05', { loss: 0.051 }, 'possible'],
  ['a loss of the grid says nothing of the best', { loss: 0.9, amongCompared: false }, 'unlikely'],
  ['nor does it condemn it', { p: 0.1, loss: 0.9, amongCompared: false }, 'possible'],
  ['a loss that cannot be told is not passed', { loss: null }, 'possible'],
  ['unless it would not count', { loss: null, amongCompared: false }, 'unlikely'],
  ['a loss that cannot be told does not condemn', { p: 0.1, loss: null }, 'possible'],
  ['a flag', { doubted: true }, 'possible'],
  ['a flag makes nothing better', { p: 0.3, doubted: true }, 'likely'],
  ['a test that was cancelled', { complete: false }, 'possible'],
  ['a test that was cancelled, of luck', { p: 0.5, complete: false }, 'likely'],
  ['p decides, whatever the formula says', { p: 0.5, deflated: 0.99 }, 'likely'],
  ['and the other way round', { p: 0.01, deflated: 0.1 }, 'unlikely'],
  ['by formula, from 0.95 on', { p: null, deflated: 0.95 }, 'unlikely'],
  ['by formula, below 0.95', { p: null, deflated: 0.949 }, 'possible'],
  ['by formula, from 0.5 on', { p: null, deflated: 0.5 }, 'possible'],
  ['by formula, below 0.5', { p: null, deflated: 0.499 }, 'likely'],
  ['by formula, and it loses', { p: null, deflated: 0.8, loss: 0.6 }, 'likely'],
  ['by formula, and it loses a little', { p: null, deflated: 0.95, loss: 0.1 }, 'possible'],
  ['by formula, with a flag', { p: null, deflated: 0.99, doubted: true }, 'possible'],
  ['it wins every block: p', { p: 0.9, winsEveryBlock: true }, 'possible'],
  ['it wins every block: loss', { p: 0.1, loss: 0.9, winsEveryBlock: true }, 'possible'],
  ['it wins every block: formula', { p: null, deflated: 0.1, winsEveryBlock: true }, 'possible'],
  ['it wins every block, and all is well', { winsEveryBlock: true }, 'unlikely'],
  ['it wins every block of nothing', { p: null, deflated: null, winsEveryBlock: true }, 'unknown'],
];

for (const [name, evidence, level] of TABLE) {
  test(`${level}: ${name}`, () => assert.equal(levelOf({ ...CLEAN, ...evidence }), level));
}

test('the first rule that holds decides, for every combination at and around the limits', () => {
  let rounds = 0;
  const yesNo = [true, false];
  for (const p of [null, 0.001, 0.05, 0.06, 0.2, 0.21]) {
    for (const deflated of [null, 0.4, 0.5, 0.94, 0.95]) {
      for (const loss of [null, 0, 0.05, 0.06, 0.5, 0.51]) {
        for (const flags of Array.from({ length: 16 }, (_, bits) => [1, 2, 4, 8].map((bit) => (bits & bit) > 0))) {
          const [amongCompared, winsEveryBlock, complete, doubted] = flags;
          rounds += 1;
          const found = levelOf({ ranked: true, p, deflated, loss, amongCompared, winsEveryBlock, complete, doubted });
          const high = p === null ? deflated !== null && deflated < 0.5 : p > 0.2;
          const low = p === null ? deflated !== null && deflated >= 0.95 : p <= 0.05;
          const bad = high || (!low && amongCompared && Number(loss) > 0.5);
          const good = low && complete && !doubted && (!amongCompared || (loss !== null && loss <= 0.05));
          const untold = p === null && deflated === null;
          const expected = untold
            ? 'unknown'
            : bad && !winsEveryBlock
              ? 'likely'
              : !bad && good
                ? 'unlikely'
                : 'possible';
          assert.equal(found, expected, JSON.stringify({ p, deflated, loss, flags }));
        }
      }
    }
  }
  assert.equal(rounds, 6 * 5 * 6 * 16);
  assert.ok(yesNo.every((ranked) => ranked || levelOf({ ...CLEAN, ranked }) === 'unknown'));
});
