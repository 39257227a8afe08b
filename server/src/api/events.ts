// /backtests/events and /backtests/jobs/{id}/events: server-sent events of the jobs of a user, or of one of them.

import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { Feed, Interest } from '../events/feed.ts';
import type { Proof, Presence } from '../events/presence.ts';
import { openStream } from '../events/stream.ts';
import { get } from '../queue/get.ts';
import type { Admission } from '../reports/admission.ts';
import { actingAs } from './auth/acting-as.ts';
import { errorReplies } from './errors.ts';
import { JobIdInput, textInput } from './inputs.ts';
import { admitted, bytesReply, requireReading } from './replies.ts';
import { notMine, requireUser, type CurrentUser, type User } from './user.ts';

interface EventParts {
  readonly pool: pg.Pool;
  readonly feed: Feed;
  readonly presence: Presence;
  /** Acts that end the open streams: a server that closes waits for its replies, and these would never end. */
  readonly open: Set<() => void>;
  /** Streams that are open. */
  readonly streaming: Admission;
  readonly user: CurrentUser;
}

/** Time in which the last events reach a client. */
const GOODBYE_MS = 1000;
const EVENTS = 'text/event-stream';
const DESCRIPTION =
  'Events: job (the status, as a list has it), top ({job_id, top_at}: the best rows were written), gone ({job_id}: a job that went on was deleted), ' +
  'ready (the stream begins; jobs that go on follow), reset (the last id is too old: read anew). At most four times a second, of each job the latest. ' +
  'Send the id of the last event as Last-Event-ID to go on after it.';
const LastEventId = z.looseObject({ 'last-event-id': textInput(100).optional() });

export const eventRoutes: FastifyPluginAsyncZod<EventParts> = async (
  app,
  { pool, feed, presence, open, streaming, ...parts },
) => {
  requireUser(app, parts.user);
  const send = openSender({ feed, presence, open });
  const common = { tags: ['jobs'], headers: LastEventId, description: DESCRIPTION };

  app.get(
    '/backtests/events',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'watchJobs',
        summary: 'Changes of all your jobs, as they happen',
        response: {
          200: bytesReply('events', EVENTS),
          ...errorReplies('validation_error'),
        },
      },
    },
    async ({ user, headers }, answer) => {
      const { user_id } = user;
      admitted(streaming, user_id, answer);
      return send(answer, { user, interest: { user_id, job_id: null }, lastId: headers['last-event-id'] });
    },
  );

  app.get(
    '/backtests/jobs/:job_id/events',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'watchJob',
        summary: 'Changes of one job, as they happen',
        params: JobIdInput,
        response: {
          200: bytesReply('events', EVENTS),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, user, headers }, answer) => {
      admitted(streaming, user.user_id, answer);
      const user_id = await actingAs(pool, user, job_id);
      const found = await get(pool, { job_id, user_id });
      if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
      return send(answer, { user, interest: { user_id, job_id }, lastId: headers['last-event-id'] });
    },
  );
};

interface Watching {
  readonly user: User;
  readonly interest: Interest;
  /** Of the last event that the client has had. */
  readonly lastId: string | undefined;
}

/** Returns what must stay good for a stream of the user to stay open. */
function proofOf({ by, user_id, session_id, token_id, until }: User): Proof {
  return { id: session_id ?? token_id ?? (by === 'external' ? user_id : null), until };
}

/** Returns what answers with a stream, from its beginning or from the last event that a client has had. */
function openSender({ feed, presence, open }: Pick<EventParts, 'feed' | 'presence' | 'open'>) {
  return (answer: FastifyReply, { user, interest, lastId }: Watching): FastifyReply => {
    requireReading(answer);
    const stream = openStream(feed, interest, lastId ?? null);
    const end = (): void => {
      release();
      stream.end();
      // A client that reads no more may never close its side, and a closing server would wait for it.
      setTimeout(() => answer.raw.destroy(), GOODBYE_MS).unref();
    };
    const release = presence.hold(proofOf(user), end);
    open.add(end);
    stream.readable.once('close', () => {
      open.delete(end);
      end();
    });
    // A connection that was kept after its stream has ended would keep a closing server waiting.
    void answer.type(EVENTS).headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
    return answer.send(stream.readable);
  };
}
