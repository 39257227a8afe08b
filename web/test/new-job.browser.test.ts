// The form of a new job in a real browser, on a real API: it judges as the engine does, counts as the server does, keeps
// what is written, and sends the clone of a job as the same request.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orThrow, type Schemas } from '@backtest-jobs/client';
import { parseSpec, SpecError } from '@backtest-jobs/engine';
import type { Page } from 'playwright-core';
import { eventually } from '../../server/test/fleet.ts';
import { DIPS, HELD_OUT, NO_TRADES } from './specs.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const JOB = /\/jobs\/([0-9a-f-]{36})$/;
const WRONG = 'close > highest(hgih[1], 20)';
let stage: Stage;

before(async () => {
  if (skip === false) stage = await openStage(21_440);
});

after(() => stage?.[Symbol.asyncDispose]());

const runButton = (page: Page) => page.locator('[data-run]');

/** Tells whether the button runs a number of variants: before the draft is judged it has none. */
async function isRunnable(page: Page): Promise<boolean> {
  if ((await runButton(page).count()) === 0) return false;
  const isOff = (await runButton(page).getAttribute('aria-disabled')) === 'true';
  return !isOff && /Run [\d,]+ variants/.test(await runButton(page).innerText());
}

const becomes = (what: string, is: () => Promise<boolean>): Promise<unknown> => eventually(what, is, { seconds: 90 });

/** Writes a rule in the place of the one that is there. */
async function write(page: Page, rule: string, text: string): Promise<void> {
  await page.locator(`[data-rule="${rule}"] .cm-content`).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

const textOf = async (page: Page, rule: string): Promise<string> =>
  (await page.locator(`[data-rule="${rule}"] .cm-line`).allTextContents()).join('\n');

/** Returns the column at which the engine finds a rule wrong; the first is 1. */
function columnOf(rule: string): number {
  const { template, ...rest } = NO_TRADES;
  const rules = { ...template.rules, exit_long: rule };
  try {
    parseSpec({ ...rest, template: { ...template, rules } });
  } catch (error) {
    assert.ok(error instanceof SpecError);
    const problem = error.problems.find(({ path }) => path === 'template.rules.exit_long');
    const [, column] = /^column (\d+):/.exec(problem?.message ?? '') ?? [];
    assert.ok(column !== undefined, `no column in: ${problem?.message}`);
    return Number(column);
  }
  assert.fail('the engine takes the rule');
}

/** Returns the column of the first character that is underlined; the first is 1. */
const markedColumn = (page: Page): Promise<number> =>
  page.locator('[data-rule="exit_long"] .wrong').evaluate((mark) => {
    const before = document.createRange();
    before.setStart(mark.closest('.cm-line') as Element, 0);
    before.setEndBefore(mark);
    return before.toString().length + 1;
  });

/** Reads a count as it is written: "Run 1,260 variants". */
const numberIn = (text: string): number => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));

const jobOf = (job_id: string): Promise<Schemas['JobStatus']> =>
  orThrow(stage.client.GET('/backtests/jobs/{job_id}', { params: { path: { job_id } } }));

/** Cancels a job: few may be active at once. */
const cancel = (job_id: string): Promise<unknown> =>
  orThrow(stage.client.POST('/backtests/jobs/{job_id}/cancel', { params: { path: { job_id } } }));

test(
  'a wrong rule is marked where the engine says, mended by one press, and only then the job can run',
  { skip },
  async () => {
    const { page, trouble } = await stage.open('/jobs/new?mode=rules');
    await page.locator('[data-rule="long"] .cm-content').waitFor();
    await becomes('a draft that can run', () => isRunnable(page));
    await page.getByRole('button', { name: 'Exit long when' }).click();
    await write(page, 'exit_long', WRONG);
    await page.locator('[data-rule="exit_long"] .wrong').waitFor();
    assert.equal(await page.locator('[data-rule="exit_long"] .wrong').textContent(), 'hgih');
    assert.equal(await markedColumn(page), columnOf(WRONG));
    const saying = page.locator('[data-rule="exit_long"] .saying');
    assert.match(await saying.innerText(), new RegExp(`column ${columnOf(WRONG)}:`));
    assert.equal(await isRunnable(page), false);
    assert.match(await runButton(page).innerText(), /Fix the rule first/);
    await runButton(page).click({ force: true });
    assert.match(page.url(), /\/jobs\/new/, 'a press on it sends nothing');

    const asked = page.waitForRequest((request) => request.url().endsWith('/backtests/jobs/estimate'));
    await saying.getByRole('button', { name: 'Use high' }).click();
    assert.equal(await textOf(page, 'exit_long'), 'close > highest(high[1], 20)');
    await page.locator('[data-rule="exit_long"] .wrong').waitFor({ state: 'detached' });
    await becomes('a job that can run', () => isRunnable(page));
    await saying.getByText(/true on .* of the bars/).waitFor();
    const body = (await asked).postDataJSON();
    const { trials } = await orThrow(stage.client.POST('/backtests/jobs/estimate', { body }));
    assert.ok(trials > 1);
    assert.equal(numberIn(await runButton(page).innerText()), trials);
    assert.equal(await page.locator('.est .big').getAttribute('data-trials'), String(trials));

    await runButton(page).click();
    await page.waitForURL(JOB);
    const [, job_id = ''] = JOB.exec(page.url()) ?? [];
    const path = { job_id };
    const { spec } = await orThrow(stage.client.GET('/backtests/jobs/{job_id}/request', { params: { path } }));
    assert.match(JSON.stringify(spec), /highest\(high\[1\], 20\)/);
    assert.deepEqual(trouble, []);
    await cancel(job_id);
    await page.context().close();
  },
);

test(
  'a draft survives a reload, also one that is wrong, and the number on the button follows it',
  { skip },
  async () => {
    const { page, trouble } = await stage.open('/jobs/new');
    await becomes('a draft that can run', () => isRunnable(page));
    const before = numberIn(await runButton(page).innerText());
    await page.locator('[data-path="name"]').fill('written <b>by hand</b>');
    await page.locator('[data-axis] input').first().fill('100');
    await becomes('fewer variants', async () => numberIn(await runButton(page).innerText()) < before);
    const after = await runButton(page).innerText();
    await page.reload();
    await becomes('the draft', async () => (await runButton(page).innerText()) === after);
    assert.equal(await page.locator('[data-path="name"]').inputValue(), 'written <b>by hand</b>');
    assert.equal(await page.locator('[data-axis] input').first().inputValue(), '100');

    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await page.locator('[data-rule="long"] .cm-content').waitFor();
    await write(page, 'long', 'close >');
    await becomes('the rule is told', async () => /Fix the rule first/.test(await runButton(page).innerText()));
    await page.reload();
    await becomes('the rule again', async () => (await textOf(page, 'long')) === 'close >');
    await becomes('the rule is told', async () => /Fix the rule first/.test(await runButton(page).innerText()));
    await page.getByRole('button', { name: 'Indicators', exact: true }).click();
    await becomes('the other way of writing', async () => (await runButton(page).innerText()) === after);
    assert.deepEqual(trouble, []);
    await page.context().close();
  },
);

for (const spec of [DIPS, HELD_OUT, NO_TRADES]) {
  test(`the clone of “${spec.name}” is the same request`, { skip }, async () => {
    const job_id = await stage.submit(spec);
    const { page, trouble } = await stage.open('/jobs');
    await page
      .locator(`tr[data-job="${job_id}"]`)
      .getByRole('link', { name: /^Clone/ })
      .click();
    await page.waitForURL(`**/jobs/new?from=${job_id}`);
    await becomes('a clone that can run', () => isRunnable(page));
    await runButton(page).click();
    await page.waitForURL(JOB);
    const [, clone = ''] = JOB.exec(page.url()) ?? [];
    assert.notEqual(clone, job_id);
    assert.equal((await jobOf(clone)).request_hash, (await jobOf(job_id)).request_hash);
    assert.deepEqual(trouble, []);
    await Promise.all([job_id, clone].map(cancel));
    await page.context().close();
  });
}
