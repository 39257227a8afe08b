// The landscape of a job and where its best live, in a real browser: what is read, held and brushed is what the scores say.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { readSurface, type Schemas } from '@backtest-jobs/client';
import type { Locator, Page } from 'playwright-core';
import { percent } from '../src/words/format.ts';
import { requestOf, topOf } from './read.ts';
import { DIPS } from './specs.ts';
import { findChromium, openStage, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const X = 'ma.sma.window';
const Y = 'momentum.rsi.window';
const HELD = 'momentum.rsi.long_threshold';
const MAP = `x=${X}&y=${Y}`;

type Axis = Schemas['JobRequest']['axes'][number];

describe('the landscape', { skip }, () => {
  let stage: Stage;
  let job_id: string;
  let axes: readonly Axis[];
  before(async () => {
    stage = await openStage(21_432);
    const worker = stage.worker();
    job_id = await stage.run(DIPS);
    worker.kill('SIGTERM');
    await worker.ended;
    ({ axes } = await requestOf(stage.client, job_id));
  });
  after(() => stage?.[Symbol.asyncDispose]());

  const axisOf = (key: string): Axis => axes.find((axis) => axis.key === key) ?? assert.fail(`no axis ${key}`);
  const valuesOf = (key: string): readonly (number | string)[] => axisOf(key).values ?? assert.fail(`${key} is long`);

  /** Computes a map from all scores, by the definition: the best of what has these values. */
  async function naiveMap(hold: Readonly<Record<string, number | string>>): Promise<readonly number[]> {
    const { scores, bases } = await readSurface(stage.client, job_id);
    assert.equal(bases, null, 'every base variant has a score');
    const placeOf = (key: string, base: number): number => Math.floor(base / axisOf(key).stride) % axisOf(key).length;
    const cells = valuesOf(Y).flatMap(() => valuesOf(X).map(() => NaN));
    for (const [base, score] of scores.entries()) {
      if (Object.entries(hold).some(([key, value]) => valuesOf(key)[placeOf(key, base)] !== value)) continue;
      const at = placeOf(Y, base) * valuesOf(X).length + placeOf(X, base);
      if (!(score <= cells[at]!)) cells[at] = Number.isNaN(score) ? cells[at]! : score;
    }
    return cells;
  }

  /** Reads the map that the screen shows, from the file that it gives. */
  async function shownMap(page: Page): Promise<readonly number[]> {
    await page.getByRole('button', { name: 'Show data of the landscape' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).first().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const [, ...lines] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    const places = lines.map((line) => line.split(',').slice(0, 2).map(Number));
    assert.deepEqual(
      places,
      valuesOf(Y).flatMap((y) => valuesOf(X).map((x) => [x, y])),
    );
    return lines.map((line) => (line.endsWith(',') ? NaN : Number(line.split(',')[2])));
  }

  const pixelsOf = (page: Page): Promise<string> =>
    page
      .locator('.map-canvas canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  const drawn = async (page: Page): Promise<Locator> => {
    const map = page.locator('canvas[data-map]');
    await map.waitFor();
    await page.locator('.map-canvas[data-old="false"]').waitFor();
    return map;
  };

  test('arrow keys read a cell: both axes, and the value that the scores have there, as in the data', async () => {
    const { page, trouble } = await stage.open(`/jobs/${job_id}?${MAP}`);
    await (await drawn(page)).focus();
    const readOut = page.locator('.map-read[data-readout]');
    const surface = await readSurface(stage.client, job_id, { x: X, y: Y, how: 'max' });
    const read = new Set<string>();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowUp']) {
      const was = await readOut.innerText();
      await page.keyboard.press(key);
      await page.waitForFunction(
        (before) => document.querySelector<HTMLElement>('.map-read[data-readout]')?.innerText !== before,
        was,
      );
      const text = await readOut.innerText();
      const [, x, y, value] = /^SMA window (\d+), RSI window (\d+): best (\S+)$/.exec(text) ?? [];
      const [i, j] = [valuesOf(X).indexOf(Number(x)), valuesOf(Y).indexOf(Number(y))];
      assert.ok(i >= 0 && j >= 0, `both axes are named: ${text}`);
      const at = j * surface.x.from.length + i;
      assert.equal(value, percent(surface.cells[at]), text);
      assert.equal(await page.locator('p[role="status"]', { hasText: text }).count(), 1, 'it is spoken');
      read.add(`${at}`);
    }
    assert.ok(read.size > 3, `cells that were read: ${[...read].join()}`);
    const at = Number([...read].at(-1));
    const told = (await readOut.innerText()).split(' ').at(-1);
    await page.getByRole('button', { name: 'Show data of the landscape' }).click();
    const row = page.locator(`.data-rows tr[aria-rowindex="${at + 2}"]`);
    await page.locator('.data-rows tbody tr').first().waitFor();
    await page.locator('.data-rows').evaluate((rows, top) => void (rows.scrollTop = top), at * 30);
    await row.waitFor();
    const cells = await row.locator('td').allInnerTexts();
    const [x, y] = [valuesOf(X)[at % surface.x.from.length], valuesOf(Y)[Math.floor(at / surface.x.from.length)]];
    assert.deepEqual([cells[0], cells[1], `${cells[2]}%`], [String(x), String(y), told]);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('an axis held at a value changes the map to what all scores say', async () => {
    const { page, trouble } = await stage.open(`/jobs/${job_id}?${MAP}`);
    await drawn(page);
    const all = await shownMap(page);
    assert.deepEqual(all, await naiveMap({}));
    const pixels = await pixelsOf(page);
    const held = valuesOf(HELD)[2]!;
    await page.locator(`[data-hold="${HELD}"]`).focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => url.searchParams.get(`hold.${HELD}`) === String(held));
    await drawn(page);
    await page.waitForFunction(
      (was) => document.querySelector<HTMLCanvasElement>('.map-canvas canvas')?.toDataURL() !== was,
      pixels,
    );
    const now = await shownMap(page);
    assert.deepEqual(now, await naiveMap({ [HELD]: held }));
    assert.notDeepEqual(now, all);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('a brush leaves exactly the variants inside it, and its chip takes it away', async () => {
    const rows = await topOf(stage.client, job_id);
    const { risk_axes } = await requestOf(stage.client, job_id);
    const stops = risk_axes.reduce((product, { length }) => product * length, 1);
    const { stride, length } = axisOf(X);
    const placeOf = (index: number): number => Math.floor(index / (stride * stops)) % length;
    const places = rows.map(({ variant_index }) => placeOf(variant_index)).toSorted((a, b) => a - b);
    const cut = places.find((place) => place > (places[Math.floor(places.length / 2)] ?? 0)) ?? places.at(-1)!;
    const inside = rows.filter(({ variant_index }) => placeOf(variant_index) >= cut);
    assert.ok(inside.length > 0 && inside.length < rows.length, `${inside.length} of ${rows.length}`);
    const { page, trouble } = await stage.open(`/jobs/${job_id}?group=0`);
    const table = page.getByRole('table', { name: 'Best variants' });
    const countIs = (count: number) =>
      page.locator(`table[aria-label="Best variants"][aria-rowcount="${count + 1}"]`).waitFor();
    await countIs(rows.length);
    const end = page.locator(`[data-end="${X}.from"]`);
    await end.focus();
    for (let place = 0; place < cut; place += 1) await page.keyboard.press('ArrowUp');
    const last = valuesOf(X).at(-1);
    await page.waitForURL((url) => url.searchParams.get(`brush.${X}`) === `${valuesOf(X)[cut]}..${last}`);
    await countIs(inside.length);
    assert.deepEqual(await seenIn(table), new Set(inside.map(({ variant_index }) => String(variant_index))));
    await page.locator('.best .chips .chip').getByRole('button').click();
    await countIs(rows.length);
    assert.equal(new URL(page.url()).searchParams.get(`brush.${X}`), null);
    assert.equal(await page.locator('.best .chips .chip').count(), 0);
    assert.deepEqual(trouble, []);
    await page.context().close();
  });
});

/** Scrolls through a table of which only what is in sight is in the document, and returns the variants in it. */
async function seenIn(table: Locator): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const place = table.locator('xpath=..');
  const [height, step] = await place.evaluate((one) => [one.scrollHeight, one.clientHeight / 2] as const);
  for (let top = 0; top <= height; top += step) {
    await place.evaluate(async (one, to) => {
      one.scrollTop = to;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }, top);
    const all = await table
      .locator('tr[data-variant]')
      .evaluateAll((found) => found.map((row) => row.getAttribute('data-variant') ?? ''));
    for (const index of all) seen.add(index);
  }
  return seen;
}
