// Where a scorer's columns live: the linear memory of WebAssembly, over which its kernels run, or the heap where there is
// no WebAssembly with SIMD. Columns are made one after the other and live as long as the scorer; the memory is reserved
// once, for what the scorer will ask for at most, and costs only what is written to.

import { KERNELS_HEX } from './kernels-wasm.ts';

type Address = number;

/** The exports of `assembly/kernels.ts`: addresses are bytes in the memory, and what they do is told there. */
export interface Kernels {
  readonly less: Pack;
  readonly lessOrEqual: Pack;
  readonly and: (a: Address, b: Address, bytes: number, out: Address) => void;
  readonly mean: (x: Address, window: number, bars: number, out: Address) => void;
  readonly followOne: (...one: OneSide) => void;
  readonly followBoth: (...both: BothSides) => void;
  readonly tradeOne: (...one: OneSide) => number;
  readonly tradeBoth: (...both: BothSides) => number;
}

type OneSide = [Address, Address, Address, Address, side: number, bars: number, frame: Address];
type BothSides = [Address, Address, Address, Address, bars: number, frame: Address];
type Pack = (a: Address, b: Address, bars: number, out: Address) => void;

export interface Arena {
  readonly floats: (length: number) => Float64Array;
  readonly ints: (length: number) => Int32Array;
  /** Words of 32 bits; the memory behind them is 0 up to a multiple of 16 bytes. */
  readonly words: (length: number) => Uint32Array;
  /** Decides where columns made from now on live: room for so many bytes. */
  readonly reserve: (bytes: number) => void;
  /** Null on the heap. */
  readonly kernels: () => Kernels | null;
  /** Bytes of the columns made since it was reserved; 0 on the heap. */
  readonly used: () => number;
}

/** What a column takes at most beside its bytes. */
export const COLUMN_OVERHEAD = 32;

export const HEAP: Arena = {
  floats: (length) => new Float64Array(length),
  ints: (length) => new Int32Array(length),
  words: (length) => new Uint32Array(length),
  reserve: () => {},
  kernels: () => null,
  used: () => 0,
};

/** The kernels over the memory that all these columns are in, if it has any. */
export function kernelsOver(out: Column, a: Column, b = a): Kernels | null {
  return a.buffer === out.buffer && b.buffer === out.buffer ? (memories.get(out.buffer) ?? null) : null;
}

type Column = Float64Array | Uint32Array;

const memories = new WeakMap<ArrayBufferLike, Kernels>();

/** On the heap until it is reserved, and if there is no WebAssembly or not so much memory. */
export function openArena(): Arena {
  let memory: ArrayBuffer | null = null;
  let kernels: Kernels | null = null;
  let used = ALIGNMENT; // no column is at 0, which kernels read as "none"
  const take = (bytes: number): number => {
    const at = used;
    // What lies behind a column is never another's, so that kernels may write whole words.
    used = at + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  return {
    floats: (length) => (memory === null ? HEAP.floats(length) : new Float64Array(memory, take(8 * length), length)),
    ints: (length) => (memory === null ? HEAP.ints(length) : new Int32Array(memory, take(4 * length), length)),
    words: (length) => (memory === null ? HEAP.words(length) : new Uint32Array(memory, take(4 * length), length)),
    reserve(bytes) {
      const made = instantiate(bytes + ALIGNMENT);
      if (made === null) return;
      ({ memory, kernels } = made);
      memories.set(memory, kernels);
    },
    kernels: () => kernels,
    used: () => used - ALIGNMENT,
  };
}

const ALIGNMENT = 16;
const PAGE = 65_536;
/** Addresses have 32 bits, and V8 gives no more than this to one memory. */
const MAX_PAGES = 65_535;

/** The part of the standard API that is used: the engine knows no types of a platform. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Kernels };
}

const { WebAssembly } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
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
    // No SIMD, a page whose policy forbids it, or not so much memory: the heap gives the same numbers.
    compiled ??= null;
    return null;
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
