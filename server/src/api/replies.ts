// One reply of a route in the form of its schema: its content, and its sentence in the OpenAPI document.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

export interface Reply<S extends z.ZodType> {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: S } };
}

export function reply<S extends z.ZodType>(schema: S, description: string): Reply<S> {
  return { description, content: { 'application/json': { schema } } };
}

/** Returns a signal that is aborted when the client leaves before it has its reply. */
export function hungUp({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort(new Error('the client has left'));
  });
  return left.signal;
}

/** Sends JSON that is ready: it skips the serializer, which would look at every value of it once more. */
export function sendJson(answer: FastifyReply, body: string | Buffer): FastifyReply {
  return answer.type('application/json; charset=utf-8').send(body);
}

/**
 * JSON that is written while it is read. What goes wrong before the first text is an error reply as usual; later the
 * connection breaks off, so that no client takes a part for the whole.
 */
export async function streamJson(answer: FastifyReply, texts: AsyncGenerator<string, void>): Promise<FastifyReply> {
  const first = await texts.next();
  const all = async function* (): AsyncGenerator<string, void> {
    if (!first.done) yield first.value;
    yield* texts;
  };
  return answer.type('application/json; charset=utf-8').send(Readable.from(all()));
}
