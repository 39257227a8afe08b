// The pages of the screen: addresses that a browser may be sent to, all served with the one page that `npm install` builds
// into web/dist. The screen itself calls addresses below /api only, so no address of a page is one of a route (a test
// compares the two lists).

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const WEB = fileURLToPath(new URL('../../../web/', import.meta.url));

/** Addresses of the screen (web/src/pages.ts has the page of each). */
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
  '/sign-in',
] as const;

const nonces = new WeakMap<ServerResponse, string>();

/** Returns the nonce of a reply: styles that a script of the page makes carry it, and no others are applied. */
function styleNonce(reply: ServerResponse): string {
  const nonce = nonces.get(reply) ?? randomBytes(16).toString('base64');
  nonces.set(reply, nonce);
  return nonce;
}

/** Stands in the page for its nonce. */
const NONCE = /__STYLE_NONCE__/g;
/** Vite names files below assets/ by what is in them, so they never change. */
const FOREVER = 'public, max-age=31536000, immutable';

export interface Pages {
  /** Sends the screen, whatever the address. */
  readonly send: (answer: FastifyReply) => FastifyReply;
  /** Folder of the files that it loads; null: it is not built. */
  readonly folder: string | null;
}

/** Reads the page of the screen, or the one that stands in its place. */
export function openPages(): Pages {
  const dist = `${WEB}dist/`;
  const isBuilt = existsSync(`${dist}index.html`);
  const page = readFileSync(isBuilt ? `${dist}index.html` : `${WEB}unbuilt.html`, 'utf8');
  return {
    folder: isBuilt ? dist : null,
    send(answer) {
      const body = page.replaceAll(NONCE, styleNonce(answer.raw));
      return answer.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(body);
    },
  };
}

/** Serves the pages, and the files that they load under their own names. */
export async function servePages(app: FastifyInstance, { send, folder }: Pages): Promise<void> {
  for (const url of PAGES) app.get(url, { schema: { hide: true } }, async (_, answer) => send(answer));
  if (folder === null) return;
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    globIgnore: ['index.html'],
    cacheControl: false,
    setHeaders(reply, path) {
      void reply.header('cache-control', path.startsWith(`${folder}assets/`) ? FOREVER : 'no-cache');
    },
  });
}

/** Tells whether a browser asks for a page, not a program for data. */
export function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && (headers.accept ?? '').startsWith('text/html');
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
