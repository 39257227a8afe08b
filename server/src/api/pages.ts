// The pages of the screen: addresses that a browser may be sent to, all served with the one page of today. The screen
// itself calls addresses below /api only, so no address of a page is one of a route (a test compares the two lists).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const WEB = fileURLToPath(new URL('../../../web/src/', import.meta.url));

/** Addresses of the screen. */
export const PAGES = [
  '/',
  '/jobs',
  '/jobs/new',
  '/jobs/:job_id',
  '/jobs/:job_id/variants/:variant_index',
  '/compare',
  '/saved',
  '/candles',
  '/account',
] as const;

/** Serves the pages, and the files that they load under their own names. */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, { root: WEB, wildcard: false, index: false });
  const page = readFileSync(`${WEB}index.html`);
  for (const url of PAGES) {
    app.get(url, { schema: { hide: true } }, async (_, answer) => answer.type('text/html; charset=utf-8').send(page));
  }
}
