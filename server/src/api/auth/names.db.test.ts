// Things named to break out of wherever they are shown: every reply that has such a name is JSON that no browser takes for a
// page, and no page has it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { addAccount } from '../../accounts/add.ts';
import { hashPassword } from '../../accounts/password.ts';
import { buildApi } from '../../api.ts';
import { PAGES } from '../pages.ts';

const NAME = `</script><img src=x onerror=alert(1)>'"\u2028`;
let db: TestDatabase;
let app: FastifyInstance;
let cookie = '';

before(async () => {
  db = await testDatabase();
  const place = { environment: 'prod', host: '127.0.0.1' };
  app = await buildApi({ pool: db.pool, config: testConfig(), source: SOURCE, reports: REPORTS, place });
  await addAccount(db.pool, { name: 'ann', role: 'admin', password_hash: await hashPassword('correct horse') });
  const headers = { 'user-agent': NAME.replace('\u2028', '') };
  const payload = { name: 'ann', password: 'correct horse' };
  const reply = await app.inject({ method: 'POST', url: '/auth/sign-in', headers, payload });
  [cookie = ''] = String(reply.headers['set-cookie']).split(';');
});
after(async () => {
  await app.close();
  await db[Symbol.asyncDispose]();
});

/** A reply is inert, and belongs to whoever is signed in. */
function assertInert({ headers }: Awaited<ReturnType<typeof ask>>, what: string): void {
  assert.match(String(headers['content-type']), /^application\/json; charset=utf-8$/, what);
  assert.equal(headers['x-content-type-options'], 'nosniff', what);
  assert.equal(headers['cache-control'], 'no-store', what);
  assert.match(String(headers['content-security-policy']), /default-src 'none'/, what);
}

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  app.inject({ method, url, headers: { cookie }, ...(payload && { payload }) });

test('names that are markup', async () => {
  const job = await ask('POST', '/backtests/jobs', specBody({ name: NAME }));
  const { template } = specBody();
  const strategy = await ask('POST', '/strategies', { name: NAME, template });
  const token = await ask('POST', '/auth/tokens', { name: NAME, scopes: ['read'] });
  for (const made of [job, strategy, token]) {
    assert.equal(made.statusCode, 201, made.body);
    assertInert(made, made.body);
  }
  const shown = [
    '/backtests/jobs',
    `/backtests/jobs?q=${encodeURIComponent('</script>')}`,
    `/backtests/jobs/${job.json().job_id}`,
    '/strategies',
    `/strategies/${strategy.json().strategy_id}`,
    '/auth/tokens',
    '/auth/sessions',
  ];
  for (const url of shown) {
    const reply = await ask('GET', url);
    assert.equal(reply.statusCode, 200, url);
    assert.ok(reply.body.includes('onerror'), url); // it is there, as it was given
    assertInert(reply, url);
  }
  const errors = [
    await ask('GET', `/backtests/jobs?limit=${encodeURIComponent(NAME)}`),
    await ask('POST', '/strategies', { name: NAME, template }),
    await ask('POST', '/backtests/jobs', { [NAME]: 1 }),
    await ask('DELETE', `/auth/tokens/${encodeURIComponent(NAME)}`),
  ];
  for (const reply of errors) {
    assert.ok(reply.statusCode >= 400 && reply.statusCode < 500, reply.body);
    assertInert(reply, reply.body);
  }
  for (const url of [...PAGES, '/docs/api', '/openapi.json', `/${encodeURIComponent(NAME)}`]) {
    const reply = await ask('GET', url.replaceAll(/:\w+/g, encodeURIComponent(NAME)));
    if (/html/.test(String(reply.headers['content-type']))) assert.ok(!reply.body.includes('onerror'), url);
  }
});
