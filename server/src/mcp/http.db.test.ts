// MCP over HTTP for two accounts in production: each sees its own, as the API says; who brings no token, or one that is not good,
// gets nowhere, nor do pages of other sites; sessions have bounds.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { eventually } from '../../test/fleet.ts';
import { connectAgent, ENTRY, openStage, runSampleJob, SAMPLE_SPEC, type Agent, type Stage } from '../../test/mcp.ts';
import { openProxy } from '../../test/proxy.ts';
import { revokeToken } from '../accounts/revoke-token.ts';
import { serveHttp, type RunningMcp } from './http.ts';

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const TYPES = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function transportTo(url: string, token: string | null): StreamableHTTPClientTransport {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
}

function connect(url: string, token: string | null): Promise<Agent> {
  return connectAgent(transportTo(url, token));
}

/** Begins a session under another name of the host; returns the status. */
function helloAs(host: string, url: string, token: string | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...TYPES, host, ...(token !== null && { authorization: `Bearer ${token}` }) };
    request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end(JSON.stringify(HELLO));
  });
}

/** Begins a session; returns its id, or null with what was answered. */
async function hello(url: string, token: string | null, more: Record<string, string> = {}) {
  const headers = { ...TYPES, ...(token !== null && { authorization: `Bearer ${token}` }), ...more };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(HELLO) });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function list(url: string, token: string, session: string): Promise<number> {
  const headers = { ...TYPES, authorization: `Bearer ${token}`, 'mcp-session-id': session };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

describe('backtest mcp --http, in production', () => {
  let stage: Stage;
  let mcp: RunningMcp;
  const place = () => ({ api: stage.url, host: '127.0.0.1', port: 0, hosts: ['mcp.example.com'] });
  before(async () => {
    stage = await openStage('prod');
    mcp = await serveHttp(place());
  });
  after(async () => {
    await mcp[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  test('the sample job of one account, from estimate to verdict; a stranger gets what the API gives', async () => {
    await using alice = await connect(mcp.url, (await stage.token('alice')).token);
    await using bob = await connect(mcp.url, (await stage.token('bob')).token);
    const job_id = await runSampleJob(alice, stage.fleet);
    for (const name of ['watch', 'top', 'verdict', 'cancel']) {
      assert.equal((await bob.refused(name, { job_id })).code, 'forbidden', name);
    }
    assert.equal((await bob.refused('variant_report', { job_id, variant_index: 0 })).code, 'forbidden');
    assert.deepEqual((await bob.ask('jobs'))['items'], []);
  });

  test('no token, a wrong one, a revoked one: 401, in a session that runs too', async () => {
    for (const token of [null, 'bt_nothing', 'x']) {
      const { status, headers, body } = await hello(mcp.url, token);
      assert.equal(status, 401);
      assert.equal(headers.get('www-authenticate'), 'Bearer realm="backtest"');
      assert.equal((JSON.parse(body) as { error: { data: { code: string } } }).error.data.code, 'unauthorized');
    }
    assert.equal((await hello(mcp.url, null, { authorization: 'Basic YTpi' })).status, 401);
    const { token, shown, user_id } = await stage.token('carol');
    await using carol = await connect(mcp.url, token);
    await carol.ask('jobs');
    await revokeToken(stage.fleet.database.pool, shown.token_id, user_id);
    await assert.rejects(carol.client.callTool({ name: 'jobs' }), /nobody is signed in|not known|revoked/);
    assert.equal((await hello(mcp.url, token)).status, 401);
  });

  test('a token does what its scopes say', async () => {
    await using reader = await connect(mcp.url, (await stage.token('dora', ['read'])).token);
    await reader.ask('estimate', { spec: SAMPLE_SPEC });
    await reader.ask('indicators', { q: 'rsi' });
    assert.equal((await reader.refused('submit', { spec: SAMPLE_SPEC })).code, 'forbidden');
  });

  test('a session is of its user, whatever token of theirs comes with it, and of nobody else', async () => {
    const { token } = await stage.token('alice');
    const begun = await hello(mcp.url, token);
    const id = begun.headers.get('mcp-session-id') ?? '';
    assert.equal(begun.status, 200, begun.body);
    assert.equal(await list(mcp.url, token, id), 200);
    assert.equal(await list(mcp.url, (await stage.token('alice')).token, id), 200);
    assert.equal(await list(mcp.url, (await stage.token('bob')).token, id), 404);
    const headers = { authorization: `Bearer ${token}`, 'mcp-session-id': id };
    assert.equal((await fetch(mcp.url, { method: 'DELETE', headers })).status, 200);
    assert.equal(await list(mcp.url, token, id), 404);
  });

  test('what a page of another site may have caused is refused, also under a name of its own', async () => {
    const { token } = await stage.token('alice');
    assert.equal((await hello(mcp.url, token, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await hello(mcp.url, token, { origin: new URL(mcp.url).origin })).status, 200);
    const asked = (host: string) => helloAs(host, mcp.url, token);
    assert.equal(await asked('evil.example'), 403);
    assert.equal(await asked('evil.example:80'), 403);
    assert.equal(await asked('MCP.example.com:8443'), 200);
    assert.equal(await asked('localhost'), 200);
  });

  test('nonsense is answered, not suffered', async () => {
    const { token } = await stage.token('alice');
    const headers = { ...TYPES, authorization: `Bearer ${token}` };
    const status = async (init: RequestInit, path = '') => {
      const response = await fetch(mcp.url + path, { headers, ...init });
      const body = await response.text();
      assert.equal((JSON.parse(body) as { jsonrpc: string }).jsonrpc, '2.0', body);
      return response.status;
    };
    assert.equal(await status({ method: 'POST', body: '{' }), 400);
    assert.equal(await status({ method: 'POST', body: '{}' }), 400);
    assert.equal(await status({ method: 'POST', body: JSON.stringify({ ...HELLO, method: 'tools/list' }) }), 400);
    assert.equal(await status({ method: 'POST', body: JSON.stringify('x'.repeat(3 * 2 ** 20)) }), 413);
    assert.equal(
      await status({ method: 'POST', body: 'a: 1', headers: { ...headers, 'content-type': 'text/plain' } }),
      415,
    );
    assert.match(await (await fetch(mcp.url, { headers })).text(), /"Mcp-Session-Id is missing/);
    assert.equal(await status({ method: 'GET' }), 400);
    assert.equal(await status({ method: 'PUT', body: '{}' }), 405);
    assert.equal(await status({ method: 'GET' }, '/nix'), 404);
    assert.equal(await list(mcp.url, token, 'no-such-session'), 404);
  });

  test('calls of a user have a bound, and a call that its client cancels leaves its place', async () => {
    await using agent = await connect(mcp.url, (await stage.token('erin')).token);
    const { job_id } = await agent.ask('submit', { spec: SAMPLE_SPEC });
    const stop = new AbortController();
    let waiting = 0;
    const calls = Array.from({ length: 16 }, () => {
      let seen = false;
      const onprogress = () => {
        waiting += seen ? 0 : 1;
        seen = true;
      };
      return agent.ask('watch', { job_id, seconds: 300 }, { signal: stop.signal, onprogress });
    });
    const ended = Promise.allSettled(calls);
    await eventually('16 calls that wait', async () => waiting === 16);
    const { code, message } = await agent.refused('jobs');
    assert.equal(code, 'quota_exceeded');
    assert.match(message, /16 calls of yours are open, at most 16 are allowed/);
    stop.abort(new Error('enough'));
    assert.ok((await ended).every(({ status }) => status === 'rejected'));
    await eventually('a place', async () => {
      const { isError } = await agent.client.callTool({ name: 'jobs', arguments: {} });
      return isError !== true;
    });
    await agent.ask('cancel', { job_id });
  });

  test('sessions have bounds: the one that was idle longest gives way', async () => {
    const [{ token: alice }, { token: bob }] = [await stage.token('alice'), await stage.token('bob')];
    const limits = { ofUser: 2, ofAll: 3, idleMs: 3_600_000 };
    await using small = await serveHttp({ ...place(), limits });
    const begin = async (token: string) => (await hello(small.url, token)).headers.get('mcp-session-id') ?? '';
    const [first, second] = [await begin(alice), await begin(alice)];
    assert.equal(await list(small.url, alice, first), 200); // now the second is idle longest
    const third = await begin(alice);
    const alive = async (ids: readonly string[], token: string) =>
      Promise.all(ids.map((id) => list(small.url, token, id)));
    assert.deepEqual(await alive([first, second, third], alice), [200, 404, 200]);
    const [fourth, fifth] = [await begin(bob), await begin(bob)];
    assert.deepEqual(await alive([fourth, fifth], bob), [200, 200]);
    assert.deepEqual(new Set(await alive([first, third], alice)), new Set([200, 404]));
  });

  test('a client that leaves while the API is asked about its token leaves no session behind', async () => {
    const { token } = await stage.token('frank');
    await using slow = await openProxy(stage.url);
    await using one = await serveHttp({
      ...place(),
      api: slow.dsn.replace(/\/$/, ''),
      limits: { ofUser: 1, ofAll: 1, idleMs: 3_600_000 },
    });
    slow.delay(1000);
    const headers = { ...TYPES, authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(700);
    await assert.rejects(fetch(one.url, { method: 'POST', headers, body: JSON.stringify(HELLO), signal }));
    // Every answer is as late, so that of the one who left comes before those of these.
    await eventually('room for one more', async () => (await hello(one.url, token)).status === 200);
  });

  test('an API that does not answer in time is 503, not a fault of ours', async () => {
    await using silent = await openProxy(stage.url);
    void silent.silence();
    await using one = await serveHttp({ ...place(), api: silent.dsn.replace(/\/$/, ''), waitMs: 300 });
    const { status, headers, body } = await hello(one.url, 'bt_x');
    assert.deepEqual([status, headers.get('retry-after')], [503, '1'], body);
    assert.match(body, /service_unavailable.*nothing within 0\.3 s|nothing within 0\.3 s.*service_unavailable/);
  });

  test('an API that is away is 503, and a server that ends with it says where it listens', async (t) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      BACKTEST_HOME: stage.fleet.home,
      BACKTEST_TOKEN: (await stage.token('alice')).token,
    };
    const child = spawn(process.execPath, [ENTRY, 'mcp', '--http', '--port', '0', '--api', stage.url], {
      env,
      stdio: 'pipe',
    });
    t.after(() => child.kill('SIGKILL'));
    const stdout = text(child.stdout);
    const [said] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said) ?? assert.fail(said);
    assert.equal((await hello(url, null)).status, 401, 'the token of our own environment is lent to nobody');
    const agent = await connect(url, (await stage.token('alice')).token);
    const { job_id } = await agent.ask('submit', { spec: SAMPLE_SPEC });
    let waiting = false;
    const watching = agent.ask('watch', { job_id, seconds: 300 }, { onprogress: () => (waiting = true) });
    watching.catch(() => {});
    await eventually('a call that waits', async () => waiting);
    const sent = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, await stdout], [0, '']);
    assert.ok(performance.now() - sent < 120_000, 'long before the call would have ended');
    await agent.client.close();
    await using gone = await serveHttp({ ...place(), api: 'http://127.0.0.1:1' });
    assert.equal((await hello(gone.url, 'bt_x')).status, 503);
  });
});

describe('backtest mcp --http, on a machine without accounts', () => {
  test('works without a token from this machine, as the API does, and not through a proxy', async () => {
    await using stage = await openStage('dev');
    await using mcp = await serveHttp({ api: stage.url, host: '127.0.0.1', port: 0, hosts: [] });
    await using agent = await connect(mcp.url, null);
    assert.deepEqual((await agent.ask('jobs'))['items'], []);
    assert.equal((await hello(mcp.url, null, { 'x-forwarded-for': '10.0.0.7' })).status, 401);
    await using named = await serveHttp({ api: stage.url, host: '127.0.0.1', port: 0, hosts: ['mcp.example.com'] });
    assert.equal(await helloAs('localhost', named.url, null), 200);
    assert.equal(await helloAs('mcp.example.com', named.url, null), 401, 'asked under a name that is not of here');
    await using wide = await serveHttp({ api: stage.url, host: '0.0.0.0', port: 0, hosts: ['mcp.example.com'] });
    const url = wide.url.replace('0.0.0.0', '127.0.0.1');
    assert.equal((await hello(url, null)).status, 401, 'in view of others everybody brings a token');
  });
});
