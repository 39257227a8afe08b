// Clients of server-sent events, over real sockets.

import assert from 'node:assert/strict';

interface Event {
  readonly id: string;
  readonly kind: string;
  readonly data: { readonly job_id: string; readonly state?: string; readonly best?: unknown };
}

export interface Followed {
  /** Grows while the stream is open. */
  readonly events: readonly Event[];
  /** Settles when the stream is over, whoever ended it. */
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

export type Follow = (path: string, headers?: Record<string, string>) => Promise<Followed>;

/** Returns what follows streams of a server. */
export function openFollow(url: string): Follow {
  return async (path, headers = {}) => {
    const leave = new AbortController();
    const reply = await fetch(url + path, { headers, signal: leave.signal });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('content-type'), 'text/event-stream');
    const events: Event[] = [];
    let text = '';
    const read = async (): Promise<void> => {
      for await (const bytes of reply.body ?? []) {
        text += Buffer.from(bytes).toString();
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, id = '', kind = '', data = ''] = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(block) ?? [];
          if (kind !== '') events.push({ id, kind, data: JSON.parse(data) as Event['data'] });
        }
      }
    };
    return { events, ended: read().catch(() => {}), leave: () => leave.abort() };
  };
}
