// npm reads one manifest, and ours must say two things: here the package is its TypeScript sources, which need no build;
// packed it is what tsc made of them, because Node runs no TypeScript below node_modules. npm pack calls this before and
// after; both directions are computed, so one that was interrupted is mended by the other.
import { readFileSync, writeFileSync } from 'node:fs';

const LIBRARY = { types: './dist/lib/index.d.ts', default: './dist/lib/index.js' };
const EXPORTS = {
  sources: { '.': './src/index.ts', './internal': './src/internal.ts' },
  published: { '.': LIBRARY },
};

const [, , form] = process.argv;
if (!Object.hasOwn(EXPORTS, form)) throw new Error(`say which: ${Object.keys(EXPORTS).join(' or ')}`);
const file = new URL('package.json', import.meta.url);
const { main: _main, types: _types, scripts, exports: _exports, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
const forOldTools = form === 'published' ? { main: LIBRARY.default, types: LIBRARY.types } : {};
const changed = { ...manifest, ...forOldTools, exports: EXPORTS[form], scripts };
writeFileSync(file, `${JSON.stringify(changed, null, 2)}\n`);
