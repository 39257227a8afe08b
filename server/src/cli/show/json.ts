// JSON on stdout, of any length: written in parts, no faster than they are read.

import { once } from 'node:events';
import { jsonParts } from '../../reports/json-parts.ts';

export async function printJson(value: unknown): Promise<void> {
  for (const part of jsonParts(value)) await write(part);
  await write('\n');
}

/** Writes bytes as they come, like the reply of an API. */
export async function printParts(parts: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of parts) await write(part);
  await write('\n');
}

async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
