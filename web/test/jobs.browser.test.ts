// The list of jobs in a real browser, on a real API: what it shows, how it stays current, and its manners.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../server/test/fleet.ts';
import { DIPS, LONG, NO_TRADES, ONE_VARIANT } from './specs.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
let stage: Stage;

before(async () => {
  if (skip === false) stage = await openStage(21_410);
});

after(() => stage?.[Symbol.asyncDispose]());

test('an empty list says what a job is and runs the sample', { skip }, async () => {
  const { page, trouble } = await stage.open('/');
  await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/jobs');
  await page.getByRole('button', { name: 'Run the sample' }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  assert.deepEqual(trouble, []);
  await page.close();
});

test('a job comes, runs and ends in the list without a reload', { skip }, async () => {
  const { page, trouble } = await stage.open('/jobs');
  await page.getByText('live', { exact: true }).waitFor();
  const name = 'a job that is watched';
  const job_id = await stage.submit({ ...ONE_VARIANT, name });
  const row = page.locator(`tr[data-job="${job_id}"]`);
  await row.getByText('Queued').waitFor();
  stage.worker();
  await row.getByText('Done', { exact: true }).waitFor();
  await row
    .getByText(/luck|told/i)
    .first()
    .waitFor();
  assert.deepEqual(trouble, []);
  await page.close();
});

test('the filter and the search are in the address, and Back goes back', { skip }, async () => {
  await stage.run({ ...NO_TRADES, name: 'findable & <b>bold</b>' });
  const { page, trouble } = await stage.open('/jobs?state=nonsense&q=');
  await page.getByText('findable & <b>bold</b>').waitFor();
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByText('No job matches').waitFor();
  assert.match(page.url(), /state=failed/);
  await page.goBack();
  await page.getByText('findable & <b>bold</b>').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('findable');
  await eventually('the search', async () => page.url().includes('q=findable'));
  await eventually('one row', async () => (await page.locator('tbody tr').count()) === 1);
  assert.deepEqual(trouble, []);
  await page.close();
});

test('rows never move under the pointer: new jobs wait behind a pill', { skip }, async () => {
  const { page, trouble } = await stage.open('/jobs');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const first = await rows.first().getAttribute('data-job');
  await rows.first().hover();
  const job_id = await stage.submit({ ...ONE_VARIANT, name: 'one that waits' });
  await page.getByRole('button', { name: '1 new job' }).waitFor();
  assert.equal(await rows.first().getAttribute('data-job'), first);
  await page.getByRole('button', { name: '1 new job' }).click();
  await page.mouse.move(5, 300);
  await page.locator(`tr[data-job="${job_id}"]`).waitFor();
  assert.deepEqual(trouble, []);
  await page.close();
});

test(
  'keys walk the rows, choose and compare, and Back returns with the choice gone or kept as it was',
  { skip },
  async () => {
    await stage.run({ ...DIPS, luck: 0 });
    const { page, trouble } = await stage.open('/jobs');
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    assert.equal(await page.locator('tbody tr[aria-selected="true"]').count(), 1);
    await page.keyboard.press('c');
    await page.waitForURL(/\/compare\?v=/);
    assert.deepEqual(trouble, []);
    await page.close();
  },
);

test('a killed worker is told within the lease, and a deleted job can be had back', { skip }, async () => {
  const worker = stage.worker();
  const job_id = await stage.submit(LONG);
  const { page, trouble } = await stage.open('/jobs');
  const row = page.locator(`tr[data-job="${job_id}"]`);
  await row.getByText('Running').waitFor();
  worker.kill('SIGKILL');
  await row.getByRole('button', { name: /^Cancel/ }).focus();
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await row.getByText('Cancelled').waitFor({ timeout: 120_000 });
  await row.getByRole('button', { name: /^Delete/ }).click();
  await row.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  assert.deepEqual(trouble, []);
  await page.close();
});

test('a server that stops is told in words, what was read stays, and all is live again', { skip }, async () => {
  const { page } = await stage.open('/jobs', { expected: /./ });
  await page.getByText('live', { exact: true }).waitFor();
  const rows = await page.locator('tbody tr').count();
  await stage.stopApi();
  await page.getByText(/offline since \d\d:\d\d/).waitFor({ timeout: 30_000 });
  assert.equal(await page.locator('tbody tr').count(), rows);
  await stage.startApi();
  await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator('tbody tr').count(), rows);
  await page.close();
});
