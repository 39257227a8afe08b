import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const API = process.env['BACKTEST_API'] ?? 'http://127.0.0.1:8000';

/** Loads the font of the screen with the page, not after its style sheet. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const fonts = Object.keys(bundle ?? {}).filter((file) => file.endsWith('.woff2'));
      return fonts.map((file) => ({
        tag: 'link',
        attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: true },
        injectTo: 'head' as const,
      }));
    },
  },
};

export default defineConfig({
  plugins: [react(), preloadFont],
  // The server puts the nonce of each reply in its place (server/src/api/pages.ts).
  html: { cspNonce: '__STYLE_NONCE__' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  // The server refuses writes whose origin is not its host, so the host stays that of the page.
  server: { proxy: { '/api': { target: API, changeOrigin: false }, '/openapi.json': API, '/docs': API } },
});
