// Bodies that come slowly, against a server on a socket.

import assert from 'node:assert/strict';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { limitArrival } from './bodies.ts';

/** Sends a request of which `rest` never comes, and returns all that is said until the connection ends. */
async function said(port: number, path: string, body: string, length: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
  );
  const answer = text(socket);
  const ended = await Promise.race([answer, delay(400, null)]);
  socket.destroy();
  return ended ?? 'still open';
}

test('a body has its time, whatever else takes long has its own', async () => {
  const app = Fastify();
  limitArrival(app, 100);
  app.all('/', async () => {
    await delay(200);
    return 'done';
  });
  app.post('/upload', { config: { upload: true } }, async () => 'done');
  app.addContentTypeParser('text/x-upload', async () => null);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const late = await said(port, '/', '{"half":', 100);
  assert.match(late, /^HTTP\/1\.1 400 .*connection: close.*the request took too long to arrive/s);
  assert.match(await said(port, '/', '{}', 2), /still open|done/, 'the handler takes longer than the body may');
  assert.equal(await said(port, '/upload', '{"half":', 100), 'still open', 'it bounds its own time');
  const url = `http://127.0.0.1:${port}/`;
  assert.equal(await (await fetch(url)).text(), 'done');
  assert.equal(await (await fetch(url, { method: 'POST' })).text(), 'done');
  assert.equal(await (await fetch(url, { method: 'POST', body: 'x' })).text(), 'done');
  app.server.closeAllConnections();
  await app.close();
});

test('a body that has arrived is not late, without a socket too', async () => {
  const app = Fastify();
  limitArrival(app, 20);
  app.post('/', async () => 'done');
  const { body } = await app.inject({ method: 'POST', url: '/', payload: { whole: true } });
  assert.equal(body, 'done');
  await delay(60); // an error of a timer would fail the test
  await app.close();
});
