// Environment and backtest.yaml together, so that everything wrong with either is told in one go, before anything starts.

import { configPath, loadConfig, type Config } from '../config/config.ts';
import type { Env } from '../config/paths.ts';
import { readSettings, SettingsError, type Purpose, type Settings } from '../config/settings.ts';

export const CONFIG_OPTION = {
  config: {
    value: 'FILE',
    about: 'backtest.yaml (else ROEHUB_BACKTEST_CONFIG, else configs/<ROEHUB_ENV>/backtest.yaml)',
  },
} as const;

/** What --json means to a command that runs until it is told to stop: its results are its log. */
export const LOG_JSON = { about: 'log JSON lines on a terminal too (elsewhere they are JSON anyway)' } as const;

export interface Configuration<P extends Purpose> {
  readonly settings: Settings<P>;
  readonly config: Config;
  /** Where the configuration was read from. */
  readonly path: string;
}

export async function readConfiguration<P extends Purpose>(
  purpose: P,
  given: string | undefined,
  env: Env = process.env,
): Promise<Configuration<P>> {
  const [settings, file] = await Promise.allSettled([
    Promise.resolve().then(() => readSettings(env, purpose)),
    Promise.resolve().then(async () => {
      const path = configPath({ config: given, env });
      return { path, config: await loadConfig(path) };
    }),
  ]);
  if (settings.status === 'fulfilled' && file.status === 'fulfilled')
    return { settings: settings.value, ...file.value };
  const problems: string[] = [];
  for (const outcome of [settings, file]) {
    if (outcome.status === 'fulfilled') continue;
    if (!(outcome.reason instanceof SettingsError)) throw outcome.reason;
    problems.push(...outcome.reason.problems);
  }
  throw new SettingsError([...new Set(problems)]);
}
