// backtest api: serves the HTTP API until SIGTERM or Ctrl-C.

import { openApiPool, startApi } from '../api.ts';
import { requireHosts } from '../api/visitors.ts';
import { openSource } from '../candles/open.ts';
import { openLog } from '../log.ts';
import { requireSchema } from '../migrate.ts';
import { openVariantReports } from '../reports/reporter.ts';
import { aborted, listenForStop, orphaned } from '../stop.ts';
import { command, wholeNumber } from './command.ts';
import { CONFIG_OPTION, LOG_JSON, readConfiguration } from './configuration.ts';

export const api = command({
  name: 'api',
  about: 'Serves the HTTP API on the database in STRATEGY_PG_DSN, until SIGTERM.',
  takes: [],
  options: {
    ...CONFIG_OPTION,
    host: {
      value: 'ADDRESS',
      about: 'where to listen (127.0.0.1); beyond loopback backtest.api.allowed_hosts must name it',
    },
    port: { value: 'N', about: 'port; fails when it is busy (else 8000 or the next free one)' },
    json: LOG_JSON,
  },
  examples: ['api', 'api --config configs/dev/backtest.yaml --port 8080'],
  run: async (values) => {
    const port = wholeNumber('--port', values.port, 1, 65_535);
    const { settings, config } = await readConfiguration('api', values.config);
    const address = { environment: settings.environment, host: values.host ?? '127.0.0.1', port };
    requireHosts(address.host, config);
    using stop = listenForStop();
    const log = openLog('backtest-api', { json: values.json });
    const pool = openApiPool(settings.strategyPgDsn);
    try {
      await requireSchema(pool);
      await using source = await openSource(settings.candles, { hurry: true });
      await using reports = openVariantReports(settings.candles);
      await using running = await startApi({ pool, config, source, reports, log: log.pino }, address);
      log.event('started', { url: running.url });
      process.send?.({ url: running.url });
      await Promise.race([aborted(stop.signal), orphaned()]);
      log.event('shutting_down', {});
    } finally {
      await pool.end();
    }
    return 0;
  },
});
