// backtest worker: claims and runs jobs until SIGTERM.

import { isLoopback } from '../config/loopback.ts';
import { startWorker } from '../worker/worker.ts';
import { command, UsageError, wholeNumber } from './command.ts';
import { CONFIG_OPTION, LOG_JSON, readConfiguration } from './configuration.ts';

const METRICS_PORT = 9204;

export const worker = command({
  name: 'worker',
  about: 'Claims jobs from the database in STRATEGY_PG_DSN and runs them, one at a time, until SIGTERM.',
  takes: [],
  options: {
    ...CONFIG_OPTION,
    'metrics-port': {
      value: 'N',
      about: `port of /metrics, /healthz and /readyz; fails when it is busy (else ${METRICS_PORT} or the next free one)`,
    },
    'metrics-host': { value: 'ADDRESS', about: 'where that port listens (127.0.0.1)' },
    'metrics-hosts': {
      value: 'NAMES',
      about: 'names with commas between, beside loopback and its own address; beyond loopback * is any',
    },
    json: LOG_JSON,
  },
  examples: ['worker --config configs/dev/backtest.yaml --metrics-port 9204'],
  run: async (values) => {
    const port = wholeNumber('--metrics-port', values['metrics-port'], 1, 65_535);
    const { settings, config } = await readConfiguration('worker', values.config);
    const host = values['metrics-host'] ?? '127.0.0.1';
    const allowedHosts = (values['metrics-hosts'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    if (allowedHosts.includes('*') && isLoopback(host))
      throw new UsageError('--metrics-hosts * is for a --metrics-host beyond loopback: on it any web page could ask');
    const metrics = { host, port: port ?? METRICS_PORT, explicit: port !== undefined, allowedHosts };
    // Not by itself: a connection whose server has fallen silent would keep the process alive for ever.
    return process.exit(await startWorker({ settings, config, json: values.json, metrics }));
  },
});
