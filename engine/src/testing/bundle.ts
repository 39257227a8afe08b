// The story as one script for a browser, as a bundler makes it from the sources.

import { buildSync } from 'esbuild';

/** Defines a global `engine` with a function `story`. */
export function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${import.meta.dirname}/story.ts`],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'engine',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}
