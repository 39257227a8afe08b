// backtest migrate: applies what is missing of the schema, as the role of POSTGRES_DSN, and gives the runtime role its
// rights on rows.

import { readSettings } from '../config/settings.ts';
import { redactDsn, userOf } from '../db.ts';
import { migrate as migrateSchema } from '../migrate.ts';
import { command } from './command.ts';
import { print } from './show/table.ts';

const NO_ROLE =
  'backtest: no role got rights on the tables, because neither --runtime-role nor a user in STRATEGY_PG_DSN names one: ' +
  'API and workers need to be the owner, or run migrate again with --runtime-role ROLE';

export const migrate = command({
  name: 'migrate',
  about: 'Brings the schema of the database in POSTGRES_DSN up to date. Running it again changes nothing.',
  takes: [],
  options: {
    'runtime-role': { value: 'ROLE', about: 'role of API and workers (else the user in STRATEGY_PG_DSN)' },
    json: { about: 'print {applied, version}' },
  },
  examples: ['migrate', 'migrate --runtime-role backtest'],
  run: async (values) => {
    const { postgresDsn, strategyPgDsn } = readSettings(process.env, 'migrate');
    const runtimeRole = values['runtime-role'] ?? (strategyPgDsn === null ? undefined : userOf(strategyPgDsn));
    const migrated = await migrateSchema(postgresDsn, { runtimeRole });
    if (values.json) print(JSON.stringify(migrated));
    else {
      const what = migrated.applied.length === 0 ? 'nothing to do' : `applied ${migrated.applied.join(', ')}`;
      print(`${what}; schema version ${migrated.version} on ${redactDsn(postgresDsn)}`);
    }
    if (runtimeRole === undefined) process.stderr.write(`${NO_ROLE}\n`);
    return 0;
  },
});
