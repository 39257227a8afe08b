// The engine as a browser's script: in a context with the language and nothing else, no Node and no DOM.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { bundle } from './testing/bundle.ts';
import { story } from './testing/story.ts';

test('bundled for a browser it runs where there is nothing but the language, with the same answer', async () => {
  const context = createContext({});
  for (const name of ['process', 'Buffer', 'require', 'setTimeout', 'TextEncoder', 'crypto', 'performance'])
    assert.equal(runInContext(`typeof ${name}`, context), 'undefined', name);
  runInContext(bundle(), context);
  const answer: unknown = await runInContext('engine.story()', context);
  assert.equal(answer, await story());
  const { rows, trades } = JSON.parse(answer) as { rows: unknown[]; trades: unknown[] };
  assert.equal(rows.length, 25);
  assert.ok(trades.length > 0);
});

test('where WebAssembly is forbidden or missing it gives the same answer', async () => {
  const forbidden = createContext({}, { codeGeneration: { strings: true, wasm: false } });
  assert.throws(() => runInContext('new WebAssembly.Module(new Uint8Array(0))', forbidden));
  const missing = createContext({});
  runInContext('delete globalThis.WebAssembly', missing);
  for (const context of [forbidden, missing]) {
    runInContext(bundle(), context);
    assert.equal(await runInContext('engine.story()', context), await story());
  }
});
