import { readFileSync } from 'node:fs';
// The kernels as the text of a module: what AssemblyScript makes of them, in hexadecimal.
import { createMemoryStream, main } from 'assemblyscript/asc';

export const OUTPUT = new URL('../src/columns/kernels-wasm.ts', import.meta.url);
const SOURCE = new URL('kernels.ts', import.meta.url);
const FLAGS = ['--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd', '--importMemory'];

/** @returns {Promise<string>} */
export async function compileKernels() {
  /** @type {Uint8Array | undefined} */
  let bytes;
  const problems = createMemoryStream();
  const { error } = await main(['kernels.ts', '-o', 'kernels.wasm', ...FLAGS], {
    readFile: (name) => (name === 'kernels.ts' ? readFileSync(SOURCE, 'utf8') : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm' && contents instanceof Uint8Array) bytes = contents;
    },
    listFiles: () => [],
    stderr: problems,
  });
  if (error !== null || bytes === undefined) throw new Error(`the kernels do not compile\n${problems.toString()}`);
  const lines =
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,116}/g) ?? [];
  const literal = lines.map((line) => `  '${line}'`).join(' +\n');
  return `// Made by \`npm run kernels\` from assembly/kernels.ts: WebAssembly in hexadecimal. Not to be edited.\n\nexport const KERNELS_HEX =\n${literal};\n`;
}
