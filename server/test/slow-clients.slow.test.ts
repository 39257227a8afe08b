// Clients that are slow, silent or in a hurry, each on a socket of its own, against the server with the limits that it has.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startApi, type RunningApi } from '../src/api.ts';
import { openPool } from '../src/db.ts';
import { REPORTS, SOURCE, testConfig } from './api.ts';

/** Seconds in which each of them must be rid of: the longest limit is 72 s, and is looked at twice a minute. */
const MOST_SECONDS = 150;

interface Client {
  readonly socket: Socket;
  readonly said: () => string;
  /** Returns the seconds after which the server has ended the connection. */
  readonly ended: Promise<number>;
}

describe('a server rids itself of', { concurrency: true }, () => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  let api: RunningApi;

  before(async () => {
    api = await startApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS }, { environment: 'test' });
  });

  after(async () => {
    await api[Symbol.asyncDispose]();
    await pool.end();
  });

  async function client(): Promise<Client> {
    const socket = connect(api.port, '127.0.0.1');
    const from = performance.now();
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes))).on('error', () => {});
    const ended = once(socket, 'close').then(() => (performance.now() - from) / 1000);
    await once(socket, 'connect');
    return { socket, ended, said: () => text };
  }

  /** Sends a byte a second until the server has ended the connection, and returns after how many seconds. */
  async function drip({ socket, ended }: Client): Promise<number> {
    const timer = setInterval(() => socket.write('x'), 1000);
    const open = delay(2 * MOST_SECONDS * 1000, Number.POSITIVE_INFINITY, { ref: false });
    const seconds = await Promise.race([ended, open]);
    clearInterval(timer);
    socket.destroy();
    return seconds;
  }

  const TOO_LONG = /^HTTP\/1\.1 400 .*the request took too long to arrive/s;

  test('a body of which a byte comes a second', async () => {
    const slow = await client();
    const head = 'host: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000';
    slow.socket.write(`POST /backtests/jobs/estimate HTTP/1.1\r\n${head}\r\n\r\n`);
    const seconds = await drip(slow);
    assert.ok(seconds > 20 && seconds < MOST_SECONDS, `${seconds} s`);
    assert.match(slow.said(), TOO_LONG);
  });

  test('headers of which a byte comes a second', async () => {
    const slow = await client();
    slow.socket.write('GET /healthz HTTP/1.1\r\nx-pad: ');
    const seconds = await drip(slow);
    assert.ok(seconds > 20 && seconds < MOST_SECONDS, `${seconds} s`);
    assert.match(slow.said(), TOO_LONG);
  });

  test('a connection on which nothing is asked, or nothing more', async () => {
    const silent = await client();
    const idle = await client();
    idle.socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    for (const { ended } of [silent, idle]) {
      const seconds = await ended;
      assert.ok(seconds > 20 && seconds < MOST_SECONDS, `${seconds} s`);
    }
    assert.match(idle.said(), /^HTTP\/1\.1 200 /);
  });

  test('1,000 requests at once on one connection: in their order, and others are answered meanwhile', async () => {
    const eager = await client();
    const paths = Array.from({ length: 1000 }, (_, n) => (n % 2 === 0 ? '/healthz' : `/nothing-${n}`));
    eager.socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`).join(''));
    assert.equal((await fetch(`${api.url}/healthz`)).status, 200);
    eager.socket.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
    await eager.ended;
    const answers = [...eager.said().matchAll(/\{"status":"ok"\}|there is no GET (\/nothing-\d+)/g)];
    assert.deepEqual(
      answers.map(([, path = '/healthz']) => path),
      [...paths, '/healthz'],
    );
  });
});
