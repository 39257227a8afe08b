// Report pages in a real browser: what a user has named becomes no markup, nothing is asked for, and no page scrolls sideways.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { NASTY, page, searchData, variantData } from '../../test/report-data.ts';
import { reportPage } from './report-page.ts';

const executablePath = [process.env['BACKTEST_CHROMIUM'] ?? '', '/usr/bin/chromium'].find((path) => existsSync(path));
const skip = executablePath === undefined && 'no Chromium: install Debian’s chromium, or name one in BACKTEST_CHROMIUM';

test('a page is read in light and dark, on wide screens and phones', { skip, timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-page-'));
  await using browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  const pages = { nasty: page(NASTY), walk: page('walk'), search: searchData(), variant: variantData() };
  for (const [name, data] of Object.entries(pages)) {
    const file = join(folder, `${name}.html`);
    await writeFile(file, reportPage(data));
    for (const width of [1440, 390]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const tab = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        const trouble: string[] = [];
        tab.on('console', (message) => trouble.push(message.text()));
        tab.on('pageerror', (error) => trouble.push(error.message));
        tab.on('dialog', (dialog) => trouble.push(dialog.message()));
        tab.on('request', (request) => {
          if (request.url() !== pathToFileURL(file).href) trouble.push(request.url());
        });
        await tab.goto(pathToFileURL(file).href);
        assert.equal(await tab.title(), `${data.title} – Backtest Jobs`);
        assert.equal(await tab.locator('h1').textContent(), data.title);
        assert.equal(await tab.locator('img, iframe, link, script:not([type="application/json"])').count(), 0);
        const json = await tab.locator('#report-data').textContent();
        assert.deepEqual(JSON.parse(json ?? ''), JSON.parse(JSON.stringify(data)));
        const wide = await tab.locator('html').evaluate((root: { scrollWidth: number }) => root.scrollWidth);
        assert.ok(wide <= width, `${name} at ${width}: ${wide} px`);
        assert.deepEqual(trouble, [], `${name} at ${width}, ${colorScheme}`);
        await tab.close();
      }
    }
  }
  await rm(folder, { recursive: true });
});
