// Scripts for a browser, as a bundler makes them from the sources.

import { buildSync } from 'esbuild';

/** A file of this folder as a script that defines a global `engine` with what the file exports. */
export function bundle(file = 'story.ts'): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${import.meta.dirname}/${file}`],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'engine',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}

/** Code that imports the engine by its name, as a module of its own. */
export function bundleModule(code: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    alias: {
      '@backtest-jobs/engine/internal': `${import.meta.dirname}/../internal.ts`,
      '@backtest-jobs/engine': `${import.meta.dirname}/../index.ts`,
    },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}
