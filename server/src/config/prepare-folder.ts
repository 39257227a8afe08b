// Makes a folder, from its nearest ancestor that exists. Node's own recursive mkdir never returns where the system says that
// the parent is missing although it is there, as below /proc.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../message.ts';
import { SettingsError } from './settings.ts';

/** `what` is the name under which the user knows the folder. Throws SettingsError when it cannot be made. */
export function prepareFolder(path: string, what: string, mode = 0o777): void {
  const missing: string[] = [];
  let at = path;
  for (; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  try {
    if (!statSync(at).isDirectory()) throw new Error(`${at} is not a folder`);
    for (const folder of missing.reverse()) makeOne(folder, mode);
  } catch (error) {
    const rule = 'it must be a folder, or a path where one can be made, that this user may write to';
    throw new SettingsError([`${what}: ${path} cannot be made: ${messageOf(error)}; ${rule}`], { cause: error });
  }
}

/** Another process may have been faster. */
function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
