// How often a test on random input is repeated: a third of the rounds while one waits for `npm run check`, all of them with
// BACKTEST_ROUNDS=all, as the slow suite runs the files named `*.random.test.ts`.

export function roundsOf(all: number): number {
  return process.env['BACKTEST_ROUNDS'] === 'all' ? all : Math.ceil(all / 3);
}
