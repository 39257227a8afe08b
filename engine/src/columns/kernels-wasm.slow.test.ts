// The committed kernels equal what their source compiles to, on any machine.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileKernels, OUTPUT } from '../../assembly/compile.mjs';

test('the kernels are what their source compiles to', { timeout: 60_000 }, async () => {
  assert.equal(readFileSync(OUTPUT, 'utf8'), await compileKernels(), 'run npm run kernels');
});
