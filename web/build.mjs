// Builds the screen after `npm install`, where its tools are installed; the API serves web/dist. What is missing makes no
// installation fail: without the screen, `/` says that the command and the API work.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Returns Vite's build; null where it is not installed, as in a package that ships web/dist. */
async function findBuild() {
  try {
    const { build } = await import('vite');
    return build;
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}

try {
  const build = existsSync(`${root}vite.config.ts`) ? await findBuild() : null;
  if (build !== null) await build({ root, configFile: `${root}vite.config.ts`, logLevel: 'warn' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`the screen was not built: ${message}\nmake it with: npm run web\n`);
  process.exitCode = process.argv.includes('--strict') ? 1 : 0;
}
