// A file on its way in, at any speed.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '../../../test/fleet.ts';
import { Staging } from '../../imports/staging.ts';
import { sendError } from '../errors.ts';
import { receiveUpload, type Upload } from './upload.ts';

const LIMITS = { max_file_bytes: 1000, max_bytes_per_user: 1e6, max_bytes_total: 1e6, keep_hours: 24 };
let store: string;
let staging: Staging;
let app: FastifyInstance;
const received: Upload[] = [];

before(async () => {
  store = await mkdtemp(join(tmpdir(), 'upload-'));
  staging = new Staging(store, LIMITS);
  app = Fastify();
  app.setErrorHandler(sendError);
  app.decorateRequest('user_id', 'u');
  await app.register(multipart);
  for (const [path, bounds] of [
    ['/pause', { wholeMs: 60_000, pauseMs: 150 }],
    ['/whole', { wholeMs: 300, pauseMs: 60_000 }],
    ['/small', { wholeMs: 60_000, pauseMs: 60_000 }],
  ] as const) {
    app.post(path, async (request, answer) => {
      received.push(await receiveUpload(request, answer, staging, bounds));
      return 'done';
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
});
after(async () => {
  app.server.closeAllConnections();
  await app.close();
  staging[Symbol.dispose]();
  await rm(store, { recursive: true });
});

const FIELD = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const FILE = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
const inStaging = () => readdir(join(store, '.staged')).catch(() => []);

function begin(path: string, length: number): { readonly socket: Socket; readonly said: Promise<string> } {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`,
  );
  return { socket, said: text(socket).catch(() => '') };
}

test('fields may come before and after the file, in as many pieces as they like', async () => {
  const body = `${FIELD('market_id', '1')}${FILE}1,2,3\n\r\n${FIELD('symbol', 'btc/usdt')}${FIELD('volume_column', 'none')}--b--\r\n`;
  const { socket, said } = begin('/small', body.length);
  for (const letter of body) socket.write(letter);
  await eventually('the upload', async () => received.length === 1, { seconds: 20 });
  socket.end();
  assert.match(await said, /200 OK.*done/s);
  const [upload] = received.splice(0);
  assert.ok(upload);
  const { name, folder } = upload.received;
  assert.equal(await readFile(join(folder, 'file', name), 'utf8'), '1,2,3\n');
  const { symbol, columns } = upload.wish;
  assert.deepEqual([symbol, columns], ['btc/usdt', { volume: 'none' }]);
  await staging.discard(upload.received);
});

test('a pause ends the connection, and a whole that takes too long is refused; nothing stays', async () => {
  const paused = begin('/pause', 500);
  paused.socket.write(`${FILE}1,2`);
  await eventually('the file', async () => (await inStaging()).length > 0, { seconds: 20 });
  assert.equal(await paused.said, '');
  const slow = begin('/whole', 500);
  slow.socket.write(FILE);
  for (let at = 0; at < 20 && !slow.socket.closed; at += 1) {
    slow.socket.write('1');
    await delay(40);
  }
  assert.match(await slow.said, /^HTTP\/1\.1 400 .*connection: close.*took too long to arrive/s);
  await eventually('its end', async () => (await inStaging()).length === 0, { seconds: 20 });
});

test('a file above the limit is refused before all of it has come', async () => {
  const large = begin('/small', 1e9);
  large.socket.write(`${FILE}${'x'.repeat(1001)}`);
  assert.match(await large.said, /^HTTP\/1\.1 413 .*connection: close.*larger than 1000 bytes .*pack it, or split it/s);
  assert.deepEqual(await inStaging(), []);
});
