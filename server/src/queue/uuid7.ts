// UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random ones. Made here and not in SQL because PostgreSQL
// has uuidv7() from 18 on and we run on 15. New rows land at the right edge of the primary key.

import { randomBytes } from 'node:crypto';

export function uuid7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
