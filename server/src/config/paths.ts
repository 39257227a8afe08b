// Where things are: the project, paths as the caller wrote them, the data directory of the embedded stack, and the note
// in it that tells the commands where that stack's API listens.

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Variables of an environment, by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The folder with package.json, configs and docs. */
export const PROJECT = resolve(import.meta.dirname, '..', '..', '..');

/** A path of the command line, relative to where the caller stands: npm run changes the folder before we start. */
export function fromCaller(path: string, env: Env = process.env, cwd = process.cwd()): string {
  const { INIT_CWD, npm_package_json } = env;
  // Both variables are inherited by everything below an npm script; they speak of us only where npm put us.
  const byNpm = INIT_CWD !== undefined && npm_package_json !== undefined && dirname(npm_package_json) === cwd;
  return resolve(byNpm ? INIT_CWD : cwd, path);
}

/** BACKTEST_HOME, else .backtest/ in the project. */
export function homeOf(env: Env = process.env): string {
  return env['BACKTEST_HOME'] ? fromCaller(env['BACKTEST_HOME'], env) : join(PROJECT, '.backtest');
}

/** Written by `up` while it serves. */
export interface StackFile {
  readonly pid: number;
  readonly url: string;
}

export const stackFile = (home: string): string => join(home, 'stack.json');

/** Where the running stack of this home is; null when none runs. */
export function readStackFile(env: Env = process.env): StackFile | null {
  try {
    const stack = JSON.parse(readFileSync(stackFile(homeOf(env)), 'utf8')) as StackFile;
    process.kill(stack.pid, 0);
    return stack;
  } catch {
    return null; // no such file, or its process is gone
  }
}
