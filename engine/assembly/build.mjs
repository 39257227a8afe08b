// Compiles the kernels into `src/columns/kernels-wasm.ts`, which is committed so that the engine runs without a compiler;
// `kernels-wasm.slow.test.ts` compiles them again and compares.
import { writeFileSync } from 'node:fs';
import { compileKernels, OUTPUT } from './compile.mjs';

writeFileSync(OUTPUT, await compileKernels());
