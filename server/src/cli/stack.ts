// What `up` and `demo` have in common: their options, and a stack that lives as long as the work with it. The first
// Ctrl-C lets the work end and takes the stack down in order, the second ends all processes at once.

import { SettingsError } from '../config/settings.ts';
import { openStack, type Stack, type StackOptions } from '../stack/up.ts';
import { INTERRUPTED, listenForStop } from '../stop.ts';
import { wholeNumber } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';

export const STACK_OPTIONS = {
  ...CONFIG_OPTION,
  port: { value: 'N', about: 'port of the API; fails when it is busy (else 8000 or the next free one)' },
  'metrics-port': { value: 'N', about: 'port of the worker; fails when it is busy (else 9204 or the next free one)' },
} as const;

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
  const port = wholeNumber('--port', values.port, 1, 65_535);
  const metricsPort = wholeNumber('--metrics-port', values['metrics-port'], 1, 65_535);
  const { settings, config, path } = await readConfiguration('stack', values.config, env);
  if (settings.environment === 'prod') {
    const way = 'start api and worker by themselves, as the runbook says';
    throw new SettingsError([`ROEHUB_ENV=prod: up and demo are a stack for the one user of this machine: ${way}`]);
  }
  return {
    settings,
    config: path,
    workers: config.backtest.jobs.parallel_workers,
    port,
    metricsPort,
    env,
  };
}

/** Says each step in a line of its own: to stdout, or where that belongs to JSON to stderr. */
export function tellSteps(json: boolean): StackOptions['tell'] {
  const out = json ? process.stderr : process.stdout;
  return (step, text) => void out.write(`${step.padEnd(9)} ${text}\n`);
}

/** Answers with what `work` answers, or with 130 when Ctrl-C made it, or the coming up before it, reject. */
export async function withStack(
  options: Omit<StackOptions, 'signal'>,
  work: (stack: Stack, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  let running: Stack | null = null;
  using stop = listenForStop(() => {
    running?.kill();
    process.exit(INTERRUPTED);
  });
  try {
    await using stack = await openStack({ ...options, signal: stop.signal });
    running = stack;
    return await work(stack, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write('stopped\n');
    return INTERRUPTED;
  }
}
