// The child's way to hand over what is large: part by part, the next one when the worker has written the one before, and
// one save after the other.

import type { FromChild, Part } from './messages.ts';

type Reply = { readonly surfaceHash?: string | null };

export interface Sender {
  /** No save is under way. */
  readonly idle: () => boolean;
  /** Sends the parts and then the message that makes them count; a snapshot, too, waits for its reply. */
  readonly send: (parts: Iterable<Part>, last: FromChild) => Promise<void>;
  readonly sendPart: (part: Part) => Promise<Reply>;
  /** Hears the worker's reply to the last part or snapshot. */
  readonly reply: (reply: Reply) => void;
  /** Somebody may go on with the job. */
  readonly resumable: () => boolean;
  /** From now on only rows are sent: nobody goes on with the job. */
  readonly onlyRows: () => void;
}

export function openSender(tell: (message: FromChild) => void): Sender {
  let waiting: ((reply: Reply) => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let busy = 0;
  let all = true;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    busy += 1;
    const mine = turn.then(work).finally(() => {
      busy -= 1;
    });
    turn = mine.catch(() => {});
    return mine;
  };
  const ask = (message: FromChild): Promise<Reply> => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    waiting = resolve;
    tell(message);
    return promise;
  };
  const wanted = ({ kind }: Part): boolean => all || kind === 'best rows';
  return {
    idle: () => busy === 0,
    resumable: () => all,
    send: (parts, last) =>
      inTurn(async () => {
        for (const part of parts) if (wanted(part)) await ask({ type: 'part', part });
        if (last.type !== 'snapshot') return tell(last);
        // Without its parts a resume point is torn; the last save follows.
        if (all) await ask(last);
      }),
    sendPart: (part) => inTurn(() => ask({ type: 'part', part })),
    reply(reply) {
      const resolve = waiting;
      waiting = null;
      resolve?.(reply);
    },
    onlyRows() {
      all = false;
    },
  };
}
