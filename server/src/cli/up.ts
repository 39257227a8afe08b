// backtest up: the whole product on this machine, until Ctrl-C.

import { aborted } from '../stop.ts';
import { command, INVOCATION } from './command.ts';
import { print } from './show/table.ts';
import { STACK_OPTIONS, stackOptions, tellSteps, withStack } from './stack.ts';

export const up = command({
  name: 'up',
  about:
    'Starts PostgreSQL, migrates it, loads sample candles, serves the screen and the HTTP API and runs workers, until Ctrl-C.',
  takes: [],
  options: {
    ...STACK_OPTIONS,
    json: { about: 'print {url, home, logs} as one line once everything runs, the steps to stderr' },
  },
  notes: [
    'Everything is kept in BACKTEST_HOME (.backtest/ in the project). With STRATEGY_PG_DSN and POSTGRES_DSN set, the',
    'database is that server. Ctrl-C stops all of it, running jobs are given back; a second Ctrl-C stops at once.',
  ],
  examples: ['up', 'up --port 8080'],
  run: async (values) => {
    const options = await stackOptions(values);
    return withStack({ ...options, tell: tellSteps(values.json) }, async (stack, signal) => {
      if (values.json) print(JSON.stringify({ url: stack.url, home: options.settings.home, logs: stack.logs }));
      else
        print(`\nReady: ${stack.url}    the API at /docs/api    ${INVOCATION} submit SPEC    Ctrl-C stops everything.`);
      await Promise.race([stack.broken, aborted(signal)]);
      process.stderr.write('stopping; running jobs are given back\n');
      return 0;
    });
  },
});
