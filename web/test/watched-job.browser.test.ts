// A job that is watched in a real browser: its end and the loss of its worker come to the page by themselves.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orThrow } from '@backtest-jobs/client';
import type { Page } from 'playwright-core';
import { statusOf } from './read.ts';
import { DIPS, LONG } from './specs.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
/** Pixels by which the band may grow or shrink when it becomes the verdict. */
const MOST_SHIFT = 12;
/** Of configs/test. */
const LEASE_S = 3;
/** For events, polls and a machine that is busy. */
const PATIENCE_S = 60;

interface Watched {
  /** Heights of the band by what it is, as they were last. */
  readonly heights: Readonly<Record<string, number>>;
  /** All that the live region said. */
  readonly said: readonly string[];
}

/** Notes from now on what the band and the live region become. What is noted is gone after a reload. */
async function watch(page: Page): Promise<() => Promise<Watched>> {
  await page.evaluate(() => {
    const heights: Record<string, number> = {};
    const said: string[] = [];
    const look = (): void => {
      const band = document.querySelector<HTMLElement>('[data-band], [data-luck]');
      if (band)
        heights[band.dataset['luck'] === undefined ? (band.dataset['band'] ?? '') : 'verdict'] = band.offsetHeight;
      const words = document.querySelector('[data-announced]')?.textContent ?? '';
      if (words !== '' && words !== said.at(-1)) said.push(words);
      requestAnimationFrame(look);
    };
    look();
    Object.assign(globalThis, { watched: { heights, said } });
  });
  return async () => {
    const watched = await page.evaluate(() => (globalThis as unknown as { watched?: Watched }).watched);
    assert.ok(watched, 'the page was loaded anew');
    return watched;
  };
}

describe('a job that is watched', { skip }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage(21_431);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  test('its end turns the page into the verdict: no reload, no jump, said once', async () => {
    const job_id = await stage.submit(DIPS);
    const { page, trouble } = await stage.open(`/jobs/${job_id}`);
    await page.locator('[data-band="In the queue"]').waitFor();
    await page.locator('[data-state="live"]').waitFor({ state: 'attached' });
    const watched = await watch(page);
    const worker = stage.worker();
    await page.locator('[data-luck] h2').waitFor({ timeout: 600_000 });
    await page.locator('[data-luck] .luck svg').waitFor();
    await page.waitForFunction(() => document.querySelector('.coming, [aria-busy="true"]') === null);
    const { heights, said } = await watched();
    const { verdict } = await statusOf(stage.client, job_id);
    const { verdict: height, ...before } = heights;
    assert.ok(
      height !== undefined && Object.keys(before).length > 1,
      `it was seen to run: ${Object.keys(heights).join()}`,
    );
    for (const [name, was] of Object.entries(before))
      assert.ok(Math.abs(was - height) <= MOST_SHIFT, `${name} was ${was} px high, the verdict is ${height} px`);
    const ends = said.filter((words) => words.startsWith('Finished'));
    assert.equal(ends.length, 1, said.join(' | '));
    assert.ok(ends[0]?.includes(verdict?.sentence ?? 'a verdict'), ends[0]);
    assert.equal(said.at(-1), ends[0], 'and nothing after it');
    assert.deepEqual(trouble, []);
    await page.context().close();
    worker.kill('SIGTERM');
    await worker.ended;
  });

  test('a killed worker is told soon after its lease ends, in the list and in the band, and so is the next one', async () => {
    const worker = stage.worker();
    const job_id = await stage.submit(LONG);
    const list = await stage.open('/jobs');
    const job = await stage.open(`/jobs/${job_id}`);
    const row = list.page.locator(`tr[data-job="${job_id}"]`);
    const waiting = job.page.locator('[data-band="Waiting for a worker"]');
    await row.getByText('Running', { exact: true }).waitFor();
    await job.page.locator('[data-band]').waitFor();
    const watched = [await watch(list.page), await watch(job.page)];
    worker.kill('SIGKILL');
    await worker.ended;
    const timeout = (LEASE_S + PATIENCE_S) * 1000;
    await Promise.all([row.getByText('Waiting for a worker').waitFor({ timeout }), waiting.waitFor({ timeout })]);
    const { waiting_for_worker_seconds: seconds } = await statusOf(stage.client, job_id);
    assert.ok(seconds !== null, 'the API says so too');
    stage.worker();
    await Promise.all([
      row.getByText('Running', { exact: true }).waitFor({ timeout }),
      waiting.waitFor({ state: 'detached', timeout }),
    ]);
    await job.page.locator('[data-band]').waitFor();
    assert.equal(await job.page.locator('[data-band="In the queue"]').count(), 0, 'it runs');
    assert.equal((await statusOf(stage.client, job_id)).state, 'running');
    for (const seen of watched) await seen();
    await orThrow(stage.client.POST('/backtests/jobs/{job_id}/cancel', { params: { path: { job_id } } }));
    await job.page.locator('[data-band^="Cancelled"]').waitFor({ timeout });
    assert.deepEqual([...list.trouble, ...job.trouble], []);
    await list.page.context().close();
    await job.page.context().close();
  });
});
