// MCP on stdin and stdout: one client, that which started us, with our own identity. It ends with its stdin.

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { openAdmission } from '../reports/admission.ts';
import type { Access } from './ask-api.ts';
import { openMcpServer } from './server.ts';

const CALLS_OPEN = { things: 'calls', ofUser: 64, ofAll: 64 } as const;

/** Serves until the client closes our stdin or the signal is aborted. */
export async function serveStdio(access: Access, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport();
  const server = openMcpServer({ accessOf: () => access, calls: openAdmission(CALLS_OPEN) });
  const ended = Promise.withResolvers<void>();
  for (const name of ['end', 'close', 'error'] as const) process.stdin.once(name, () => ended.resolve());
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  server.server.onclose = () => ended.resolve();
  server.server.onerror = (error) => process.stderr.write(`backtest mcp: ${error.message}\n`);
  await server.connect(transport);
  if (!signal.aborted) await ended.promise;
  await server.close();
  process.stdin.destroy();
}
