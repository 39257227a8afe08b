// An arena holds the columns of a scorer: in the linear memory of WebAssembly, where the kernels can read them, or on
// the heap where WebAssembly or its SIMD is unavailable. Columns are allocated one after the other and live as long as
// the arena. The memory is reserved once, for the most bytes that will be allocated; pages that are never written cost
// nothing.

import { KERNELS_HEX } from './kernels-wasm.ts';

type Address = number;

/** The exports of `assembly/kernels.ts`, which documents them. An address is a byte offset in the memory. */
export interface Kernels {
  readonly less: Pack;
  readonly lessOrEqual: Pack;
  readonly and: (a: Address, b: Address, bytes: number, out: Address) => void;
  readonly mean: (x: Address, window: number, bars: number, out: Address) => void;
  readonly followOne: (...args: OneSide) => void;
  readonly followBoth: (...args: BothSides) => void;
  readonly tradeOne: (...args: OneSide) => number;
  readonly tradeBoth: (...args: BothSides) => number;
}

type OneSide = [Address, Address, Address, Address, side: number, bars: number, frame: Address];
type BothSides = [Address, Address, Address, Address, bars: number, frame: Address];
type Pack = (a: Address, b: Address, bars: number, out: Address) => void;

export interface Arena {
  /** Allocates a column of zeros; `ints` and `words` do the same. */
  readonly floats: (length: number) => Float64Array;
  readonly ints: (length: number) => Int32Array;
  /** Allocates words of 32 bits; the bytes after the last word, up to a multiple of 16, are 0. */
  readonly words: (length: number) => Uint32Array;
  /** Reserves memory for `bytes` bytes of columns; columns allocated before it are on the heap. */
  readonly reserve: (bytes: number) => void;
  /** Takes all columns back, so that the next `reserve` has their memory again where it is large enough. */
  readonly restart: () => void;
  /** Returns the kernels over this memory; null on the heap. */
  readonly kernels: () => Kernels | null;
  /** Counts the bytes allocated in the reserved memory; 0 on the heap. */
  readonly used: () => number;
}

/** Bytes that a column takes at most beside its values. */
export const COLUMN_OVERHEAD = 32;

/** An arena that allocates every column on the heap. */
export const HEAP: Arena = {
  floats: (length) => new Float64Array(length),
  ints: (length) => new Int32Array(length),
  words: (length) => new Uint32Array(length),
  reserve: () => {},
  restart: () => {},
  kernels: () => null,
  used: () => 0,
};

/** Returns the kernels over the memory that holds all these columns; null if the columns are on the heap. */
export function kernelsOver(out: Column, a: Column, b = a): Kernels | null {
  return a.buffer === out.buffer && b.buffer === out.buffer ? (memories.get(out.buffer) ?? null) : null;
}

type Column = Float64Array | Uint32Array;

// A cache at module level: a memory never changes its kernels, and the entry goes when the memory does. So functions
// that receive plain columns (less, mean) find the kernels without an argument.
const memories = new WeakMap<ArrayBufferLike, Kernels>();

/** Opens an arena on the heap. `reserve` moves it to linear memory; where that is unavailable it stays on the heap. */
export function openArena(): Arena {
  let memory: ArrayBuffer | null = null;
  let kernels: Kernels | null = null;
  let spare: { readonly memory: ArrayBuffer; readonly kernels: Kernels } | null = null;
  let used = ALIGNMENT; // no column is at address 0, which means "none" to the kernels
  const allocate = (bytes: number): number => {
    const address = used;
    // The bytes up to the next multiple belong to no other column, so kernels may write whole words.
    used = address + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return address;
  };
  return {
    floats: (length) =>
      memory === null ? HEAP.floats(length) : new Float64Array(memory, allocate(8 * length), length),
    ints: (length) => (memory === null ? HEAP.ints(length) : new Int32Array(memory, allocate(4 * length), length)),
    words: (length) => (memory === null ? HEAP.words(length) : new Uint32Array(memory, allocate(4 * length), length)),
    reserve(bytes) {
      const enough = spare !== null && spare.memory.byteLength >= bytes + ALIGNMENT;
      const instance = enough ? spare : instantiate(bytes + ALIGNMENT);
      spare = null;
      if (instance === null) return;
      ({ memory, kernels } = instance);
      memories.set(memory, kernels);
    },
    restart() {
      if (memory !== null && kernels !== null) {
        new Uint8Array(memory, 0, used).fill(0); // columns begin as zeros
        spare = { memory, kernels };
      }
      memory = null;
      kernels = null;
      used = ALIGNMENT;
    },
    kernels: () => kernels,
    used: () => used - ALIGNMENT,
  };
}

const ALIGNMENT = 16;
const PAGE = 65_536;
/** The most pages that V8 gives to one memory with 32-bit addresses. */
const MAX_PAGES = 65_535;

/** The part of the standard API used here; the engine compiles without the types of any platform. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Kernels };
}

const { WebAssembly } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
// A cache at module level: compiling always gives the same immutable module; null if it has failed.
let compiled: object | null | undefined;

function instantiate(bytes: number): { readonly memory: ArrayBuffer; readonly kernels: Kernels } | null {
  const initial = Math.ceil(bytes / PAGE);
  if (WebAssembly === undefined || initial > MAX_PAGES) return null;
  try {
    compiled ??= compiled === null ? null : new WebAssembly.Module(bytesOf(KERNELS_HEX));
    if (compiled === null) return null;
    const memory = new WebAssembly.Memory({ initial });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { memory: memory.buffer, kernels: exports };
  } catch {
    // SIMD is missing, the policy of a page forbids it, or memory is short: the heap gives the same numbers.
    compiled ??= null;
    return null;
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, byte) =>
    Number.parseInt(hex.slice(2 * byte, 2 * byte + 2), 16),
  );
}
