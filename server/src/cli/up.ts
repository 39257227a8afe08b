// backtest up: the whole product on this machine, until Ctrl-C.
import { openStack, type Stack, type StackOptions } from '../up.ts';
import { INVOCATION, command, whole } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { INTERRUPTED, aborted, listenForStop } from '../stop.ts';
import { print } from './table.ts';

/** What `up` and `demo` have in common. */
export const STACK_OPTIONS = {
  ...CONFIG_OPTION,
  port: { value: 'N', about: 'port of the API; fails when it is busy (else 8000 or the next free one)' },
  'metrics-port': { value: 'N', about: 'port of the worker; fails when it is busy (else 9204 or the next free one)' },
} as const;

export const up = command({
  name: 'up',
  about: 'Starts PostgreSQL, migrates it, loads sample candles, serves the HTTP API and runs workers, until Ctrl-C.',
  takes: [],
  options: { ...STACK_OPTIONS, json: { about: 'print {url, home, logs} as one line once everything runs' } },
  notes: [
    'Everything is kept in BACKTEST_HOME (.backtest/ in the project). With STRATEGY_PG_DSN and POSTGRES_DSN set, the',
    'database is that server. Ctrl-C stops all of it, running jobs are given back; a second Ctrl-C stops at once.',
  ],
  examples: ['up', 'up --port 8080'],
  run: async (values) => {
    const options = await stackOptions(values);
    let running: Stack | null = null;
    using stop = listenForStop(() => {
      running?.kill();
      process.exit(INTERRUPTED);
    });
    const tell = (step: string, text: string): void => void (values.json || print(`${step.padEnd(9)} ${text}`));
    try {
      await using stack = await openStack({ ...options, tell, signal: stop.signal });
      running = stack;
      if (values.json) print(JSON.stringify({ url: stack.url, home: options.settings.home, logs: stack.logs }));
      else print(`\nReady: ${stack.url}/docs    ${INVOCATION} submit SPEC    Ctrl-C stops everything.`);
      await Promise.race([stack.broken, aborted(stop.signal)]);
      process.stderr.write('stopping; running jobs are given back\n');
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      return INTERRUPTED; // while coming up
    }
    return 0;
  },
});

interface StackValues {
  readonly config: string | undefined;
  readonly port: string | undefined;
  readonly 'metrics-port': string | undefined;
}

/** A configuration that is not right fails here, before anything starts. */
export async function stackOptions(
  values: StackValues,
  env = process.env,
): Promise<Omit<StackOptions, 'tell' | 'signal'>> {
  const port = whole('--port', values.port, 1, 65_535);
  const metricsPort = whole('--metrics-port', values['metrics-port'], 1, 65_535);
  const { settings, config, path } = await readConfiguration('local', values.config, env);
  return { settings, config: path, workers: config.backtest.jobs.parallel_workers, port, metricsPort, env };
}
