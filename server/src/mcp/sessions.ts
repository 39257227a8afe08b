// Sessions of MCP over HTTP: each belongs to the user who began it, and to nobody else. There are so many of a user and of all;
// where one more has no room, the one that was idle longest ends, and one that was idle for half a day ends too.

import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

export interface McpSession {
  readonly id: string;
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
  /** Begins a session, which is at work; null: there is no room, and every other one is at work. */
  open(user_id: string): Promise<McpSession | null>;
  /** Counts a request as answered; a session that was not initialized by its first one ends. */
  rest(session: McpSession): void;
  readonly size: number;
}

export function openSessions(openServer: () => McpServer, limits = SESSION_LIMITS): Sessions {
  const sessions = new Map<string, McpSession>();
  const end = ({ id, transport }: McpSession): Promise<void> => {
    sessions.delete(id);
    return transport.close();
  };
  const endIdle = async (): Promise<void> => {
    const since = performance.now() - limits.idleMs;
    await Promise.all([...sessions.values()].filter(({ busy, usedAt }) => busy === 0 && usedAt < since).map(end));
  };
  const timer = setInterval(() => void endIdle(), Math.min(LOOK_MS, limits.idleMs)).unref();

  /** Ends the session that was idle longest, where there are too many; false: none was idle. */
  const makeRoom = (user_id: string): boolean => {
    const all = [...sessions.values()];
    const own = all.filter((session) => session.user_id === user_id);
    const crowd = own.length >= limits.ofUser ? own : all;
    if (crowd === all && all.length < limits.ofAll) return true;
    const [longest] = crowd.filter(({ busy }) => busy === 0).sort((a, b) => a.usedAt - b.usedAt);
    if (longest !== undefined) void end(longest);
    return longest !== undefined;
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
      if (!makeRoom(user_id)) return null;
      const id = randomUUID();
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id });
      const session: McpSession = { id, transport, user_id, busy: 1, usedAt: performance.now() };
      sessions.set(id, session); // counted from now on, or many that begin at once would all find room
      transport.onclose = () => void sessions.delete(id);
      await openServer().connect(transport);
      return session;
    },
    rest(session) {
      session.busy -= 1;
      session.usedAt = performance.now();
      if (session.transport.sessionId === undefined) void end(session);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await Promise.all([...sessions.values()].map(end));
    },
  };
}
