// Warnings of a spec as text: what is allowed and seldom meant, each with the path of its field.

import type { Problem } from '@backtest-jobs/engine';
import { harmless, WIDTH, wrap } from './table.ts';

export function warningLines(warnings: readonly Problem[]): readonly string[] {
  return warnings.flatMap(({ path, code, message }) => {
    return wrap(`Warning: ${path}: ${harmless(message)} (${code})`, WIDTH);
  });
}

/** Writes warnings to stderr: stdout may be JSON alone. */
export function showWarnings(warnings: readonly Problem[]): void {
  for (const line of warningLines(warnings)) process.stderr.write(`${line}\n`);
}
