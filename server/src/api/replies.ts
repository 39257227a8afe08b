// One reply of a route in the form of its schema: its content, and its sentence in the OpenAPI document.

import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Admission } from '../reports/admission.ts';

export interface Reply<S extends z.ZodType> {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: S } };
}

export function reply<S extends z.ZodType>(schema: S, description: string): Reply<S> {
  return { description, content: { 'application/json': { schema } } };
}

/**
 * Describes what is stored by a schema with an id, and takes it as it is: other versions, and other engines, may have
 * written it, and a reader of an old job must not get an error for it.
 */
export function asStored<S extends z.ZodType>(schema: S): S {
  const { id } = z.globalRegistry.get(schema) ?? {};
  return z.any().meta({ $ref: `#/components/schemas/${id}` }) as unknown as S;
}

/** An instant in a reply. */
export const utc = z.iso
  .datetime()
  .meta({ description: 'UTC, exact to the microsecond', examples: ['2024-05-06T07:08:09.123456Z'] });

/** The reply to a client that has sent the ETag of what it has already. */
export const notModified = z
  .null()
  .describe('the ETag of If-None-Match is that of the answer: the client has it already');

/** A reply that is bytes of these types. */
export function bytesReply(description: string, ...types: readonly string[]) {
  const schema = z.any().meta({ type: 'string', format: 'binary' });
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

/** Returns a signal that is aborted when the client leaves before it has its reply. */
export function hungUp({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  const leave = (): void => {
    if (!raw.writableEnded) left.abort(new Error('the client has left'));
  };
  if (raw.closed) leave(); // it left while we looked who asks
  else raw.once('close', leave);
  return left.signal;
}

/**
 * Admits the user until the reply has been sent or the client has left.
 * @throws {TooManyOpen}
 */
export function admitted(admission: Admission, user_id: string, { raw }: FastifyReply): void {
  const leave = admission.admit(user_id);
  if (raw.closed) leave(); // it left while we looked who asks: no event will tell
  else raw.once('finish', leave).once('close', leave);
}

/** Time in which a client must read some of its reply. */
const READ_MS = 30_000;

/**
 * Ends the connection of a client that stops reading its reply, which is kept in memory for it. Node destroys the socket
 * itself, and gives it another limit once the reply has been sent.
 */
export function requireReading({ raw }: FastifyReply, readMs = READ_MS): void {
  if (raw.socket instanceof Socket) raw.socket.setTimeout(readMs);
}

/** Sends JSON that is ready: it skips the serializer, which would look at every value of it once more. */
export function sendJson(answer: FastifyReply, body: string | Buffer): FastifyReply {
  return answer.type('application/json; charset=utf-8').send(body);
}

/** Sends JSON that is ready, or 304 where the client has it already: the hash of the text is its ETag. */
export function sendTagged(answer: FastifyReply, body: string, hash: string): FastifyReply {
  return hasTagged(answer, `"${hash}"`) ? answer.code(304).send() : sendJson(answer, body);
}

/** Tags an answer, and returns whether the client has it already: a proxy that packs answers calls the tag a weak one. */
export function hasTagged(answer: FastifyReply, tag: string): boolean {
  void answer.header('cache-control', 'private, no-cache').header('etag', tag);
  return answer.request.headers['if-none-match']?.includes(tag) === true;
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
