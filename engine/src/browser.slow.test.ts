// The engine in a browser of flesh and blood, where there is one.
import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { bundle } from './testing/bundle.ts';
import { story } from './testing/story.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const executablePath = onPath();
const skip = executablePath === undefined && `none of ${NAMES.join(', ')} is on the PATH: install Debian's chromium`;

test('in headless Chromium the answer is that of Node', { skip }, async (t) => {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--disable-background-networking', ...asRoot],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle() });
  assert.equal(await page.evaluate('typeof process + typeof require'), 'undefinedundefined');
  assert.equal(await page.evaluate('engine.story()'), await story());
});
