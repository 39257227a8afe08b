// Replies and their clients: who leaves, who does not read, who asks for too many at once.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import Fastify from 'fastify';
import { openAdmission, TooManyOpen } from '../reports/admission.ts';
import { admitted, hungUp, requireReading } from './replies.ts';

const LARGE = Buffer.alloc(64 * 2 ** 20);

test('a client that never reads loses its connection, and its place goes to another', async () => {
  const admission = openAdmission({ things: 'reports', ofUser: 1, ofAll: 1 });
  const app = Fastify();
  app.get('/', (_, answer) => {
    admitted(admission, 'user', answer);
    requireReading(answer, 300);
    return answer.send(LARGE);
  });
  app.setErrorHandler((error, _, answer) => answer.code(error instanceof TooManyOpen ? 429 : 500).send());
  try {
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = new URL(url);
    const silent = connect(Number(port), '127.0.0.1');
    silent.on('error', () => {}); // a reset is an end as well
    silent.pause();
    silent.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [server] = [once(app.server, 'connection')];
    const [socket] = await server;
    const closed = once(socket, 'close');
    const statuses: number[] = [];
    await once(silent, 'readable');
    const busy = await fetch(url);
    statuses.push(busy.status);
    await busy.arrayBuffer();
    await closed;
    const free = await fetch(url);
    statuses.push(free.status);
    assert.equal((await free.arrayBuffer()).byteLength, LARGE.length);
    assert.deepEqual(statuses, [429, 200]);
    silent.destroy();
  } finally {
    await app.close();
  }
});

test('a signal is aborted by a client that leaves, not by one that has its reply', async () => {
  const signals: AbortSignal[] = [];
  const app = Fastify();
  app.get('/', (_, answer) => {
    signals.push(hungUp(answer));
    return 'here';
  });
  await app.inject('/');
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false],
  );
  await app.close();
});

test('a client that left before it was admitted holds no place, and its signal is aborted', async () => {
  const admission = openAdmission({ things: 'reports', ofUser: 1, ofAll: 1 });
  const handled = Promise.withResolvers<AbortSignal>();
  const app = Fastify();
  app.addHook('onRequest', async (request, answer) => {
    if (request.url === '/leave') await once(answer.raw, 'close'); // as if this were a slow look at who asks
  });
  app.get('/:what', async (_, answer) => {
    admitted(admission, 'user', answer);
    handled.resolve(hungUp(answer));
    return 'here';
  });
  try {
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const leaving = connect(Number(new URL(url).port), '127.0.0.1');
    const asked = once(app.server, 'request');
    leaving.write('GET /leave HTTP/1.1\r\nhost: x\r\n\r\n');
    await asked;
    leaving.destroy();
    assert.equal((await handled.promise).aborted, true);
    const next = await fetch(`${url}/next`);
    assert.equal(next.status, 200, await next.text());
  } finally {
    await app.close();
  }
});
