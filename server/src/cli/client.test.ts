import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../cli.ts';
import { openClient, Unreachable } from './client.ts';

const QUIET = { out: () => {}, err: () => {} };

async function serving(answer: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const errorReply = (code: string, message: string, details: object = {}) =>
  JSON.stringify({ error: { code, message, details } });

test('sends JSON and the token, answers with JSON', async () => {
  await using api = await serving((request, response) => {
    const { method, url, headers } = request;
    request.setEncoding('utf8').on('data', (body: string) => {
      response.end(
        JSON.stringify({
          method,
          url,
          body: JSON.parse(body),
          type: headers['content-type'],
          auth: headers.authorization,
        }),
      );
    });
  });
  const client = openClient(`${api.url}/`, { BACKTEST_TOKEN: 't' });
  assert.deepEqual(await client.post('/backtests/jobs', { a: 1 }), {
    method: 'POST',
    url: '/backtests/jobs',
    body: { a: 1 },
    type: 'application/json',
    auth: 'Bearer t',
  });
});

test('a refusal keeps every field with its path', async () => {
  const errors = [
    { path: 'time_range.start', code: 'type', message: 'must be an instant' },
    { path: 'top_k', code: 'bounds', message: 'must be at least 1' },
  ];
  await using api = await serving(
    (_, response) => void response.writeHead(422).end(errorReply('validation_error', 'no', { errors })),
  );
  await assert.rejects(openClient(api.url, {}).get('/x'), { name: 'SpecError', problems: errors });
});

test('a spec above what the API takes is bad input', async () => {
  await using api = await serving(
    (_, response) => void response.writeHead(413).end(errorReply('payload_too_large', 'the body is above 1 MB')),
  );
  await assert.rejects(openClient(api.url, {}).post('/x', {}), { name: 'UsageError', message: /^the body is above/ });
});

test('other errors say what the API said; its own trouble may pass', async () => {
  await using api = await serving((request, response) => {
    if (request.url === '/gone') response.writeHead(404).end(errorReply('not_found', 'there is no job 7'));
    else if (request.url === '/ill') response.writeHead(503).end(errorReply('service_unavailable', 'no database'));
    else response.writeHead(200).end('{}');
  });
  const client = openClient(api.url, {});
  await assert.rejects(client.get('/gone'), { name: 'Error', message: 'there is no job 7 (not_found)' });
  await assert.rejects(client.get('/ill'), { name: 'Unreachable', message: 'no database (service_unavailable)' });
});

test('an API that dies while it answers is one that did not answer', async () => {
  await using api = await serving((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"job_id"', () => response.destroy());
  });
  await assert.rejects(openClient(api.url, {}).get('/x'), { name: 'Unreachable', brief: 'no answer from the API' });
});

test('nobody there, or somebody else', async () => {
  let url = '';
  {
    await using api = await serving((_, response) => void response.writeHead(404).end('<html>not ours</html>'));
    url = api.url;
    await assert.rejects(openClient(url, {}).get('/x'), /answered 404 and is not a backtest API/);
  }
  await assert.rejects(openClient(url, {}).get('/x'), (error: unknown) => {
    return error instanceof Unreachable && error.message.startsWith(`no answer from ${url}: connect ECONNREFUSED`);
  });
});

test('an address that is none is bad input', () => {
  for (const api of ['localhost:8000', 'ftp://x', 'nonsense']) {
    assert.throws(() => openClient(api, {}), { name: 'UsageError' });
  }
});

test('a download comes as bytes, and one that breaks off leaves no file in the place of another', async () => {
  await using api = await serving((request, response) => {
    response.write('rank\n');
    if (request.url?.includes('whole') === true) response.end('1\n');
    else setTimeout(() => response.destroy(), 20);
  });
  const client = openClient(api.url, {});
  let text = '';
  for await (const bytes of await client.download('/whole')) text += Buffer.from(bytes).toString();
  assert.equal(text, 'rank\n1\n');
  await assert.rejects(async () => {
    for await (const bytes of await client.download('/broken')) text += bytes.length;
  });
  const folder = await mkdtemp(join(tmpdir(), 'download-test-'));
  const out = join(folder, 'top.csv');
  await writeFile(out, 'as it was');
  assert.equal(await main(['export', 'broken', '--api', api.url, '--out', out], QUIET), 1);
  assert.deepEqual([await readFile(out, 'utf8'), await readdir(folder)], ['as it was', ['top.csv']]);
  assert.equal(await main(['export', 'whole', '--api', api.url, '--out', out], QUIET), 0);
  assert.equal(await readFile(out, 'utf8'), 'rank\n1\n');
  await rm(folder, { recursive: true });
});
