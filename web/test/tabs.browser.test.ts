// Many tabs of one browser: they share one stream of events, and when the tab that reads it is closed another takes over.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../server/test/fleet.ts';
import { ONE_VARIANT } from './specs.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const EVENTS = '**/api/backtests/events';
/** More than a browser has connections to one server by HTTP/1.1: with a stream each, the last ones would hang. */
const TABS = 8;
let stage: Stage;

before(async () => {
  if (skip === false) stage = await openStage(21_450);
});

after(() => stage?.[Symbol.asyncDispose]());

/** Opens a tab of a browser and waits until it is told what happens. */
async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${stage.url}/jobs`);
  await page.locator('[data-state="live"]').waitFor();
  return page;
}

const rowOf = (page: Page, job_id: string) => page.locator(`tr[data-job="${job_id}"]`);

/** Waits until all tabs show a job in a state. */
const allShow = (pages: readonly Page[], job_id: string, state: string): Promise<unknown> =>
  Promise.all(pages.map((page) => rowOf(page, job_id).getByText(state, { exact: true }).waitFor()));

test('eight tabs have one stream, and lose nothing when the tab that reads it is closed', { skip }, async () => {
  const first = await stage.open('/readyz'); // no page of the screen: what the tabs do is heard from the beginning
  const context = first.page.context();
  const trouble: string[] = [];
  let streams = 0;
  context.on('request', (request) => (streams += Number(request.url().endsWith('/backtests/events'))));
  context.on('weberror', (error) => trouble.push(`thrown: ${error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) trouble.push(message.text());
  });

  const known = await stage.submit({ ...ONE_VARIANT, name: 'known to all' });
  const tabs: Page[] = [];
  for (let at = 0; at < TABS; at += 1) tabs.push(await openTab(context));
  await allShow(tabs, known, 'Queued');
  assert.equal(streams, 1);
  const worker = stage.worker();
  await allShow(tabs, known, 'Done');
  assert.equal(streams, 1);

  // No tab reads the stream, and another browser hears all of it: a job ends that the tabs show as queued, and one comes
  // and ends.
  worker.kill('SIGKILL');
  await worker.ended;
  const queued = await stage.submit({ ...ONE_VARIANT, name: 'ends unheard' });
  await allShow(tabs, queued, 'Queued');
  const gate = Promise.withResolvers<void>();
  await context.route(EVENTS, async (route) => {
    await gate.promise;
    await route.continue();
  });
  const elsewhere = await stage.open('/jobs');
  await elsewhere.page.locator('[data-state="live"]').waitFor();
  const [leader, ...others] = tabs;
  await leader?.close();
  await eventually('another tab that asks for the stream', async () => streams === 2, { seconds: 60 });
  stage.worker();
  const unseen = await stage.run({ ...ONE_VARIANT, name: 'comes and ends unheard' });
  await allShow([elsewhere.page], queued, 'Done');
  await allShow([elsewhere.page], unseen, 'Done');
  gate.resolve();
  await allShow(others, queued, 'Done');
  await allShow(others, unseen, 'Done');

  const later = await stage.run({ ...ONE_VARIANT, name: 'heard again' });
  await allShow(others, later, 'Done');
  assert.equal(streams, 2);
  for (const page of others) assert.equal(await rowOf(page, later).count(), 1, 'nothing is doubled');
  assert.deepEqual([...trouble, ...elsewhere.trouble], []);
  await Promise.all([context.close(), elsewhere.page.context().close()]);
});
