// backtest down: stops the embedded PostgreSQL of this home, which a killed stack leaves behind.

import { homeOf } from '../config/paths.ts';
import { stopShared } from '../stack/shared-postgres.ts';
import { command } from './command.ts';
import { print } from './show/table.ts';

export const down = command({
  name: 'down',
  about: 'Stops the embedded PostgreSQL of BACKTEST_HOME. Data and jobs stay; up and demo start it again.',
  takes: [],
  options: { json: { about: 'print {home, outcome}: stopped or not_running' } },
  examples: ['down'],
  run: async (values) => {
    const home = homeOf();
    const outcome = await stopShared(home);
    if (outcome === 'in_use')
      throw new Error(`a stack uses the PostgreSQL of ${home} and would start it again: end that with Ctrl-C first`);
    if (values.json) print(JSON.stringify({ home, outcome }));
    else print(outcome === 'stopped' ? `stopped the PostgreSQL of ${home}` : `no PostgreSQL runs on ${home}`);
    return 0;
  },
});
