// Sessions of MCP over HTTP: each belongs to the user who began it, and to nobody else. There are so many of a user and of all;
// where one more has no room, the one that was idle longest ends, and one that was idle for half a day ends too.

import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

export interface McpSession {
  readonly transport: StreamableHTTPServerTransport;
  readonly user_id: string;
  /** Requests of the session that are answered right now, an open stream of events not among them. */
  busy: number;
  /** On the clock of performance. */
  usedAt: number;
}

export interface SessionLimits {
  readonly ofUser: number;
  readonly ofAll: number;
  readonly idleMs: number;
}

const SESSION_LIMITS: SessionLimits = { ofUser: 16, ofAll: 256, idleMs: 12 * 3_600_000 };
const LOOK_MS = 60_000;

export interface Sessions extends AsyncDisposable {
  /** Null: there is none with this id, or it is not this user's. */
  find(id: string, user_id: string): McpSession | null;
  /** Makes a session that counts from its initialization on; null: there is no room, and every other one is at work. */
  open(user_id: string): Promise<McpSession | null>;
  readonly size: number;
}

export function openSessions(openServer: () => McpServer, limits = SESSION_LIMITS): Sessions {
  const sessions = new Map<string, McpSession>();
  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.transport.close();
  };
  const endIdle = async (): Promise<void> => {
    for (const [id, { busy, usedAt }] of sessions)
      if (busy === 0 && performance.now() - usedAt > limits.idleMs) await end(id);
  };
  const timer = setInterval(() => void endIdle(), Math.min(LOOK_MS, limits.idleMs)).unref();

  /** Ends the session that was idle longest, where there are too many; false: none was idle. */
  const makeRoom = async (user_id: string): Promise<boolean> => {
    const own = [...sessions].filter(([, session]) => session.user_id === user_id);
    const crowd = own.length >= limits.ofUser ? own : sessions.size >= limits.ofAll ? [...sessions] : null;
    if (crowd === null) return true;
    const [longest] = crowd.filter(([, { busy }]) => busy === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (longest === undefined) return false;
    await end(longest[0]);
    return true;
  };

  return {
    get size() {
      return sessions.size;
    },
    find(id, user_id) {
      const session = sessions.get(id);
      return session?.user_id === user_id ? session : null;
    },
    async open(user_id) {
      if (!(await makeRoom(user_id))) return null;
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, session),
      });
      const session: McpSession = { transport, user_id, busy: 0, usedAt: performance.now() };
      transport.onclose = () => void (transport.sessionId !== undefined && sessions.delete(transport.sessionId));
      await openServer().connect(transport);
      return session;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await Promise.all([...sessions.keys()].map(end));
    },
  };
}
