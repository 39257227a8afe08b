import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../test/fleet.ts';
import { openAdmission } from '../reports/admission.ts';
import { openMcpServer } from './server.ts';
import { openSessions, type McpSession, type Sessions } from './sessions.ts';

const server = () =>
  openMcpServer({
    accessOf: () => ({ url: 'http://127.0.0.1:1', headers: {} }),
    calls: openAdmission({ things: 'calls', ofUser: 1, ofAll: 1 }),
  });

async function begin(sessions: Sessions, user_id: string): Promise<McpSession> {
  return (await sessions.open(user_id)) ?? assert.fail('no room');
}

/** Answers the first request of a session as its transport would: it was an initialization. */
function initialize(sessions: Sessions, session: McpSession): void {
  Object.defineProperty(session.transport, 'sessionId', { value: session.id });
  sessions.rest(session);
}

test('many that begin at once are counted at once; where all are at work one more has no room', async () => {
  await using sessions = openSessions(server, { ofUser: 2, ofAll: 3, idleMs: 3_600_000 });
  const begun = await Promise.all(Array.from({ length: 5 }, () => sessions.open('alice')));
  assert.equal(begun.filter((session) => session !== null).length, 2);
  await begin(sessions, 'bob');
  assert.equal(await sessions.open('carol'), null);
  assert.equal(sessions.size, 3);
  initialize(sessions, begun[0] ?? assert.fail());
  const carols = await begin(sessions, 'carol');
  assert.equal(sessions.find(begun[0]?.id ?? '', 'alice'), null);
  assert.equal(sessions.find(carols.id, 'carol'), carols);
  assert.equal(sessions.find(carols.id, 'alice'), null);
});

test('a session whose first request initializes nothing ends with it', async () => {
  await using sessions = openSessions(server);
  sessions.rest(await begin(sessions, 'alice'));
  assert.equal(sessions.size, 0);
});

test('an idle session ends, one at work does not', async () => {
  await using sessions = openSessions(server, { ofUser: 9, ofAll: 9, idleMs: 20 });
  const [works, idle] = [await begin(sessions, 'alice'), await begin(sessions, 'alice')];
  initialize(sessions, idle);
  await eventually('the end of the idle one', async () => sessions.size === 1);
  assert.equal(sessions.find(works.id, 'alice'), works);
});
