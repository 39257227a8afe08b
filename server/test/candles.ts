// What tests of candle files share: zip archives made by hand, because the library only reads them, and a series of
// minutes full of holes.

import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { at } from '../src/candles/at.ts';
import { sharedCandles } from '../src/candles/source.ts';

export interface ZipChanges {
  /** Values that the archive states of every entry, instead of the true ones. */
  readonly crc?: number;
  readonly size?: number;
  readonly flags?: number;
}

/** Makes a zip archive of these texts, deflated. */
export function zipOf(entries: Readonly<Record<string, string | Uint8Array>>, changes: ZipChanges = {}): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(changes.flags ?? 0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(0x5821, 6);
    common.writeUInt32LE(changes.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(changes.size ?? bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, place, label]));
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end]);
}

/** Makes minutes from `start`, about one in `holes` of them the first of a few that are missing (0: none); seeded. */
export function walk(start: number, minutes: number, { seed = 1, holes = 0 } = {}): Candles {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const rows: Float64Array[] = [];
  let price = 100;
  let skip = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const open = price;
    price *= 1 + 0.004 * (random() - 0.5);
    const range = 1 + 0.001 * random();
    const row = [open, Math.max(open, price) * range, Math.min(open, price) / range, price, 10 * random()];
    if (skip === 0 && holes > 0 && random() < 1 / holes) skip = 1 + Math.floor(random() * 9);
    if (skip > 0) skip -= 1;
    else rows.push(Float64Array.of(start + minute * 60_000, ...row));
  }
  const candles = sharedCandles(rows.length);
  for (const [c, name] of COLUMNS.entries()) candles[name].set(rows.map((row) => at(row, c)));
  return candles;
}

/** Multiplies the prices from a bar on, as a split that nobody has adjusted for does; changes and returns the series. */
export function splitAt(candles: Candles, from: number, factor: number): Candles {
  for (const name of ['open', 'high', 'low', 'close'] as const)
    for (let bar = from; bar < candles.time.length; bar += 1) candles[name][bar] = at(candles[name], bar) * factor;
  return candles;
}

/** Digests every bit of a series, for a comparison that takes no seconds. */
export function digestOf(candles: Candles): string {
  const hash = createHash('sha256');
  for (const name of COLUMNS) hash.update(Float64Array.from(candles[name]));
  return `${candles.time.length} rows ${hash.digest('hex')}`;
}

/** Writes a series as lines of a CSV file. */
export function csvOf(candles: Candles, { header = true, time = (ms: number): string | number => ms } = {}): string {
  const lines = Array.from(candles.time, (ms, i) => {
    return [time(ms), ...COLUMNS.slice(1).map((name) => candles[name][i])].join(',');
  });
  return `${[...(header ? [COLUMNS.join(',')] : []), ...lines].join('\n')}\n`;
}
