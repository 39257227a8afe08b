// The whole way of somebody who is new, as one journey: from an empty list to a strategy that is saved and a page that is
// shared, on the sample candles, by nothing but what the screen offers.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addAccount } from '../../server/src/accounts/add.ts';
import { hashPassword } from '../../server/src/accounts/password.ts';
import { eventually } from '../../server/test/fleet.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const PASSWORD = 'a password of ann';
const JOB = /\/jobs\/([0-9a-f-]{36})$/;
/** Asked before somebody has signed in, and after they signed out. */
const REFUSED = /\/api\/(auth|backtests)\//;
/** Milliseconds that a search may take on a machine that is busy. */
const SEARCH = { timeout: 600_000 };
let stage: Stage;

before(async () => {
  if (skip !== false) return;
  stage = await openStage(21_460, { environment: 'prod' });
  const password_hash = await hashPassword(PASSWORD);
  await addAccount(stage.database.pool, { name: 'ann', role: 'user', password_hash });
});

after(() => stage?.[Symbol.asyncDispose]());

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Name').fill('ann');
  await page.getByLabel('Password', { exact: true }).first().fill(PASSWORD);
  await page.keyboard.press('Enter');
}

/** Collects what goes wrong from now on: while somebody is signed in nothing is refused. */
function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  return faults;
}

/** Waits for the page of a job and its verdict; returns the id of the job. */
async function verdictOf(page: Page): Promise<string> {
  await page.waitForURL(JOB);
  await page.locator('[data-luck]').waitFor(SEARCH);
  const [, job_id = ''] = JOB.exec(page.url()) ?? [];
  return job_id;
}

/** Runs what the form has, which a job was the beginning of. */
async function runForm(page: Page, from: string): Promise<string> {
  await page.waitForURL(new RegExp(`/jobs/new\\?from=${from}`));
  const run = page.locator('[data-run]');
  await run.getByText(/Run [\d,]+ variants/).waitFor();
  await run.click();
  return verdictOf(page);
}

/** Downloads what an item of the menu offers, and returns the name of the file and what is in it. */
async function download(page: Page, item: RegExp): Promise<{ readonly name: string; readonly content: string }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  const file = await coming;
  return { name: file.suggestedFilename(), content: await readFile(await file.path(), 'utf8') };
}

const addressOf = (page: Page): string => decodeURIComponent(page.url());

/** Changes what the map shows, holds an axis, and narrows another; each is in the address. */
async function explore(page: Page): Promise<void> {
  const rows = page.getByLabel('Rows of the map');
  const values = await rows.locator('option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
  const now = await rows.inputValue();
  const columns = await page.getByLabel('Columns of the map').inputValue();
  const next = values.find((value) => value !== now && value !== columns) ?? assert.fail('the map has no other axis');
  await rows.selectOption(next);
  await eventually('the axis in the address', async () => addressOf(page).includes(`y=${next}`), { seconds: 60 });
  const map = page.locator('[data-map]');
  await page.locator('.map-canvas[data-old="false"]').waitFor();
  await map.focus();
  await page.keyboard.press('ArrowRight');
  const read = page.locator('.map-read');
  await read.getByText(/\d/).first().waitFor();

  const slider = page.locator('[data-hold]').first();
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  const held = (await slider.getAttribute('data-hold')) ?? '';
  await eventually('the held axis in the address', async () => addressOf(page).includes(`hold.${held}=`), {
    seconds: 60,
  });
  await page.locator('.map-canvas[data-old="false"]').waitFor();

  const all = await page.locator('tr[data-variant]').count();
  const end = page.locator('[data-end$=".to"]').first();
  await end.focus();
  for (let bins = 0; bins < 4; bins += 1) await page.keyboard.press('ArrowDown');
  const chip = page.locator('.bands-read [data-brush]');
  await chip.waitFor();
  assert.match(addressOf(page), /brush\./);
  await chip.click();
  await chip.waitFor({ state: 'detached' });
  await eventually('all rows again', async () => (await page.locator('tr[data-variant]').count()) === all, {
    seconds: 60,
  });
}

test('from an empty list to a strategy that is kept, and out again', { skip }, async () => {
  const { page, trouble } = await stage.open('/', { expected: REFUSED });
  await page.waitForURL(/\/sign-in/);
  await signIn(page);
  await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
  const faults = faultsOf(page);

  await page.getByRole('button', { name: 'Run the sample' }).click();
  await page.waitForURL(JOB);
  await page.getByRole('heading', { name: 'In the queue' }).waitFor();
  stage.worker();
  const first = await verdictOf(page);
  await page.getByRole('button', { name: 'The numbers behind it' }).click();
  await page.getByRole('region', { name: 'Statistics' }).waitFor();
  await page.getByRole('region', { name: 'One step away from the best' }).waitFor();
  await explore(page);

  const best = page.getByRole('link', { name: 'Open rank 1', exact: true });
  await best.click();
  await page.waitForURL(/\/variants\/\d+$/);
  await page.getByRole('heading', { name: 'Trades', exact: true }).waitFor();
  await page.goBack();

  await page.getByRole('link', { name: 'Search less, around the plateau' }).click();
  const second = await runForm(page, first);
  await page.getByRole('link', { name: 'Hold out the last 30%' }).click();
  const third = await runForm(page, second);
  await page
    .getByText(/held out/i)
    .first()
    .waitFor();

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Jobs' }).click();
  for (const job_id of [second, third]) await page.locator(`tr[data-job="${job_id}"] .check`).check();
  await page.getByRole('button', { name: 'Compare the best of each' }).click();
  await page.getByRole('heading', { name: 'Compare 2 variants' }).waitFor();
  assert.ok(page.url().includes(second) && page.url().includes(third));
  await page.getByRole('region', { name: 'What differs', exact: true }).getByText('Figures, held out').waitFor();

  await page.goto(`${stage.url}/jobs/${third}`);
  await page.getByRole('link', { name: 'Open rank 1', exact: true }).click();
  await page.getByRole('button', { name: 'Save as strategy' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('kept by ann');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved as the strategy “kept by ann”.').waitFor();
  await page.getByRole('link', { name: 'Strategies' }).click();
  await page.getByRole('button', { name: 'kept by ann', exact: true }).waitFor();

  await page.goto(`${stage.url}/jobs/${third}`);
  await page.locator('[data-luck]').waitFor();
  const rows = await download(page, /^Best variants\s*CSV/);
  assert.match(rows.name, /\.csv$/);
  assert.match(rows.content.split('\n')[0] ?? '', /^rank,variant_index,/);
  const shared = await download(page, /^A page to share/);
  assert.match(shared.name, /\.html$/);
  assert.match(shared.content, /^<!doctype html>/i);

  await page.getByRole('link', { name: 'Account of ann' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  assert.deepEqual(faults, []);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto(`${stage.url}/jobs/${third}`);
  await page.waitForURL(/\/sign-in\?back=/);
  assert.deepEqual(trouble, []);
  await page.context().close();
});
