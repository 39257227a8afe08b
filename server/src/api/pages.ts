// The pages of the screen: addresses that a browser may be sent to, all served with the one page of today. The screen
// itself calls addresses below /api only, so no address of a page is one of a route (a test compares the two lists).

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
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

const nonces = new WeakMap<ServerResponse, string>();

/** Returns the nonce of a reply: styles that a script of the page makes carry it, and no others are applied. */
function styleNonce(reply: ServerResponse): string {
  const nonce = nonces.get(reply) ?? randomBytes(16).toString('base64');
  nonces.set(reply, nonce);
  return nonce;
}

/** Stands in the page for its nonce. */
const NONCE = '__STYLE_NONCE__';

/** Serves the pages, and the files that they load under their own names. */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, { root: WEB, wildcard: false, index: false, globIgnore: ['index.html'] });
  const page = readFileSync(`${WEB}index.html`, 'utf8');
  for (const url of PAGES) {
    app.get(url, { schema: { hide: true } }, async (_, answer) => {
      const body = page.replace(NONCE, styleNonce(answer.raw));
      return answer.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(body);
    });
  }
}

// Nothing is loaded from anywhere else, no script stands inside a page, and styles that do carry the nonce of the reply. The
// engine of the screen is WebAssembly, which a script policy must name. On plain http neither may the browser
// be told to upgrade requests or to remember that this host has TLS.
export const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      workerSrc: ["'self'"],
      styleSrc: ["'self'", (_: unknown, reply: ServerResponse) => `'nonce-${styleNonce(reply)}'`],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: null,
    },
  },
  hsts: false,
  xFrameOptions: { action: 'deny' as const },
};
