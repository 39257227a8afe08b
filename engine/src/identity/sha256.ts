// SHA-256 (FIPS 180-4) in plain arithmetic: hashes are part of every result, and the engine has no crypto module to
// ask. 25 MB take about half a second.

const words = (hex: string): Int32Array => Int32Array.from(hex.trim().split(/\s+/), (word) => parseInt(word, 16));

/** The fractional parts of the cube roots of the first 64 primes. */
const ROUND = words(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`);

/** And of the square roots of the first 8. */
const START = words('6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19');

const BLOCK = 64;

/** Of bytes, or of the UTF-8 bytes of a text; 64 lower-case hex digits. */
export function sha256(message: Uint8Array | string): string {
  return sha256Of([typeof message === 'string' ? utf8(message) : message]);
}

/** Of the parts, one after the other, as if they were one message. */
export function sha256Of(parts: readonly Uint8Array[]): string {
  return Array.from(digest(parts), (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The 32 bytes themselves. */
export function sha256Bytes(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  digest([message]).forEach((word, at) => view.setInt32(4 * at, word));
  return bytes;
}

function digest(parts: readonly Uint8Array[]): Int32Array {
  const state = START.slice();
  const schedule = new Int32Array(64);
  const block = new Uint8Array(BLOCK);
  let filled = 0;
  let length = 0;
  for (const part of parts) {
    length += part.length;
    let at = 0;
    while (at < part.length) {
      if (filled === 0 && at + BLOCK <= part.length) {
        compress(state, schedule, part, at);
        at += BLOCK;
        continue;
      }
      const taken = part.subarray(at, at + BLOCK - filled);
      block.set(taken, filled);
      filled = (filled + taken.length) % BLOCK;
      at += taken.length;
      if (filled === 0) compress(state, schedule, block, 0);
    }
  }
  const end = lastBlocks(block.subarray(0, filled), length);
  for (let at = 0; at < end.length; at += BLOCK) compress(state, schedule, end, at);
  return state;
}

/** What is left of the message, a one bit, zeros, and the length in bits in the last 8 bytes. */
function lastBlocks(rest: Uint8Array, length: number): Uint8Array {
  const end = new Uint8Array(rest.length + 9 > BLOCK ? 2 * BLOCK : BLOCK);
  end.set(rest);
  end[rest.length] = 0x80;
  const view = new DataView(end.buffer);
  view.setUint32(end.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(end.length - 4, (length << 3) >>> 0);
  return end;
}

function compress(state: Int32Array, w: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0; i < 16; i += 1) {
    const j = offset + 4 * i;
    w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  // Not destructured: that walks an iterator, for every block.
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** A lone surrogate becomes U+FFFD, as everywhere. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length); // 3 for a unit of 16 bits, 4 for two of them
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      bytes[length] = unit;
      length += 1;
      continue;
    }
    const code = text.codePointAt(at) ?? unit;
    at += Number(code > 0xffff); // which takes two units
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    const continued = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    // The first byte says how many follow, in as many leading ones; each of them carries six bits.
    bytes[length] = ((0xff00 >> (continued + 1)) & 0xff) | (point >> (6 * continued));
    for (let byte = 1; byte <= continued; byte += 1) {
      bytes[length + byte] = 0x80 | ((point >> (6 * (continued - byte))) & 0x3f);
    }
    length += 1 + continued;
  }
  return bytes.subarray(0, length);
}
