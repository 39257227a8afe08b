// The page of a job in a real browser, on a real API: the verdict comes first, and says what the API says.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { percent } from '../src/words/format.ts';
import { findingsOf } from './axe.ts';
import { statusOf, topOf } from './read.ts';
import { DIPS, HELD_OUT, NO_TRADES, ONE_AXIS, ONE_VARIANT } from './specs.ts';
import { findChromium, openStage, SIZES, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const ALL_SIZES = Object.keys(SIZES) as (keyof typeof SIZES)[];
/** Share of the first screen within which the verdict ends. */
const UPPER = 0.35;

/** Waits until all panels have what they asked for. */
async function isWhole(page: Page): Promise<void> {
  await page.locator('[data-luck] h2').waitFor();
  await page.locator('[data-state="live"]').waitFor({ state: 'attached' });
  await page.locator('.place-scores .panel').waitFor();
  await page.waitForFunction(() => document.querySelector('.coming, .coming-legend, [aria-busy="true"]') === null);
}

describe('the page of a job that has ended', { skip }, () => {
  let stage: Stage;
  const jobs = new Map<string, string>();
  const idOf = (name: string): string => jobs.get(name) ?? assert.fail(`no job ${name}`);

  before(async () => {
    stage = await openStage(21_430);
    const worker = stage.worker();
    for (const [name, spec] of Object.entries({ DIPS, HELD_OUT, ONE_AXIS, ONE_VARIANT, NO_TRADES }))
      jobs.set(name, await stage.run(spec));
    worker.kill('SIGTERM');
    await worker.ended;
  });
  after(() => stage?.[Symbol.asyncDispose]());

  test('verdict and drawing are on the first screen in every width', async () => {
    for (const size of ALL_SIZES) {
      const { page, trouble } = await stage.open(`/jobs/${idOf('DIPS')}`, { size });
      await isWhole(page);
      const { height } = SIZES[size];
      const heading = await page.locator('[data-luck] h2').boundingBox();
      const drawing = await page.locator('[data-luck] .luck svg').boundingBox();
      assert.ok(heading && drawing, 'both are drawn');
      const end = heading.y + heading.height;
      assert.ok(end <= UPPER * height, `${size}: the heading ends at ${end} of ${height}`);
      const floor = drawing.y + drawing.height;
      assert.ok(drawing.y > 0 && floor <= height, `${size}: the drawing ends at ${floor} of ${height}`);
      const [wide, most] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
      assert.ok(wide <= most, `${size} scrolls sideways: ${wide} of ${most}`);
      assert.deepEqual(trouble, []);
      await page.context().close();
    }
  });

  test('level and marks are those of the API, whatever the verdict is', async () => {
    const levels = new Set<string>();
    const marks = new Set<string>();
    for (const [name, job_id] of jobs) {
      const { verdict } = await statusOf(stage.client, job_id);
      assert.ok(verdict?.checks && verdict.checks.length >= 9, name);
      const { page, trouble } = await stage.open(`/jobs/${job_id}`);
      const band = page.locator('[data-luck]');
      await band.waitFor();
      assert.equal(await band.getAttribute('data-luck'), verdict.luck, name);
      const shown = await band
        .locator('[data-check]')
        .evaluateAll((all) => all.map((one) => [one.getAttribute('data-check'), one.getAttribute('data-mark')]));
      const told = verdict.checks.map(({ id, mark }) => [id, mark ?? 'none']);
      assert.deepEqual(shown, told, name);
      levels.add(verdict.luck);
      for (const [, mark] of told) marks.add(mark ?? '');
      assert.deepEqual(trouble, [], name);
      await page.context().close();
    }
    assert.ok(levels.size > 1, `the jobs differ in their level: ${[...levels].join()}`);
    assert.ok(marks.has('none') && marks.size > 2, `and in their marks: ${[...marks].join()}`);
  });

  test('the return of the winner is the same text in the band, in the first row, on its page, and as the API has it', async () => {
    const job_id = idOf('DIPS');
    const [first] = await topOf(stage.client, job_id);
    const told = percent(first!.metrics.total_return_pct);
    assert.match(told, /^[+−][\d,]+\.\d%$/);
    const { page, trouble } = await stage.open(`/jobs/${job_id}`);
    await isWhole(page);
    const figure = page.locator('.winner dl > div').filter({ has: page.getByText('Return', { exact: true }) });
    assert.equal(await figure.locator('dd').innerText(), told);
    const row = page.locator('tr[data-variant]').first();
    assert.equal(await row.getAttribute('data-variant'), String(first!.variant_index));
    assert.equal(`${await row.locator('td.ranking').innerText()}%`, told, 'its unit is in the head of the column');
    await page.locator('.winner').getByRole('link', { name: 'Open' }).click();
    await page.waitForURL(`**/jobs/${job_id}/variants/${first!.variant_index}`);
    const own = page.locator('.figures dd').first();
    await own.waitFor();
    assert.equal(await own.innerText(), told);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('keys choose two variants and compare them, a reload shows the same, Back returns with both chosen', async () => {
    const job_id = idOf('DIPS');
    const { page, trouble } = await stage.open(`/jobs/${job_id}`);
    await isWhole(page);
    const rows = page.locator('tr[data-variant]');
    const indexes = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-variant') ?? ''));
    const both = indexes.slice(1, 3);
    assert.equal(both.length, 2);
    for (const key of 'jjxjx') await page.keyboard.press(key);
    const chosen = page.locator('tr[data-variant][aria-selected="true"]');
    const chosenNow = () => chosen.evaluateAll((all) => all.map((row) => row.getAttribute('data-variant')));
    await page.getByText('2 chosen').waitFor();
    assert.deepEqual(await chosenNow(), both);
    await page.keyboard.press('c');
    await page.waitForURL(/\/compare\?v=/);
    const compared = () => (new URL(page.url()).searchParams.get('v') ?? '').split(',');
    assert.deepEqual(
      compared(),
      both.map((index) => `${job_id}.${index}`),
    );
    const shown = async (): Promise<string> => {
      await page.getByRole('heading', { name: 'Compare 2 variants' }).waitFor();
      await page.waitForFunction(() => document.querySelector('.coming, [aria-busy="true"]') === null);
      return page.locator('main').innerText();
    };
    const was = await shown();
    await page.reload();
    assert.equal(await shown(), was);
    assert.equal(compared().length, 2);
    await page.goBack();
    await page.waitForURL(new RegExp(`/jobs/${job_id}`));
    await page.getByText('2 chosen').waitFor();
    assert.deepEqual(await chosenNow(), both);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('sorting by Sharpe is in one head, in the address, and true', async () => {
    const job_id = idOf('DIPS');
    const { page, trouble } = await stage.open(`/jobs/${job_id}`);
    await isWhole(page);
    const table = page.getByRole('table', { name: 'Best variants' });
    await table.getByRole('button', { name: 'Sharpe', exact: true }).click();
    await page.waitForURL(/[?&]sort=sharpe\.desc(&|$)/);
    const sorted = table.locator('th[aria-sort]');
    assert.deepEqual(await sorted.evaluateAll((all) => all.map((head) => head.getAttribute('aria-sort'))), [
      'descending',
    ]);
    assert.match(await sorted.innerText(), /^Sharpe/);
    const rows = await topOf(stage.client, job_id);
    const sharpeOf = ({ metrics }: (typeof rows)[number]): number => Number(metrics.sharpe ?? NaN);
    const largest = rows.reduce((best, row) => (sharpeOf(row) > sharpeOf(best) ? row : best));
    assert.notEqual(largest.rank, 1, 'or a table that does not sort would pass');
    const index = await table.locator('tr[data-variant]').first().getAttribute('data-variant');
    const first = rows.find(({ variant_index }) => String(variant_index) === index);
    assert.equal(first && sharpeOf(first), sharpeOf(largest));
    await page.reload();
    await isWhole(page);
    assert.equal(await table.locator('tr[data-variant]').first().getAttribute('data-variant'), index);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  for (const theme of ['light', 'dark'] as const)
    test(`every job is whole in ${theme} in three widths: no trouble, nothing serious by axe`, async () => {
      for (const [name, job_id] of jobs)
        for (const size of ALL_SIZES) {
          const { page, trouble } = await stage.open(`/jobs/${job_id}?why=1`, { theme, size });
          await isWhole(page);
          const where = `${name}, ${theme}, ${size}`;
          const [wide, most] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
          assert.ok(wide <= most, `${where} scrolls sideways: ${wide} of ${most}`);
          if (size !== 'tablet') assert.deepEqual(await findingsOf(page), [], where);
          assert.deepEqual(trouble, [], where);
          await page.context().close();
        }
    });
});
