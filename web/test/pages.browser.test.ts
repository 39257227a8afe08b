// The plain pages in a real browser, on a real API: candles that come in by a file, saved strategies, accounts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orThrow } from '@backtest-jobs/client';
import type { Page } from 'playwright-core';
import { addAccount } from '../../server/src/accounts/add.ts';
import { hashPassword } from '../../server/src/accounts/password.ts';
import { findingsOf } from './axe.ts';
import { ONE_AXIS } from './specs.ts';
import { findChromium, openStage, SIZES, type Stage } from './stage.ts';

const skip = findChromium() === null ? 'no Chromium here' : false;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const UPLOAD = /\/market-data\/imports$/;
/** Answered by 404 with the screen, which says so. */
const NOWHERE = /\/nowhere$/;

const PRICE_OF_HOUR = (hour: number): number => Math.round(10_000 + 500 * Math.sin(hour / 9)) / 100;

/** Writes candles of so many hours, at prices times a factor. */
function csv(hours: number, { factor = 1, broken = [] as readonly number[] } = {}): string {
  const lines = Array.from({ length: hours }, (_, hour) => {
    const close = PRICE_OF_HOUR(hour) * factor;
    const high = broken.includes(hour) ? close - 5 : close + 1;
    return [START + hour * HOUR_MS, close, high, close - 1, close, 10].join(',');
  });
  return ['time,open,high,low,close,volume', ...lines].join('\n');
}

const fileOf = (name: string, content: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });

/** Drops a file on the page, as a person does. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  await page.evaluate(
    ([called, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], called, { type: 'text/csv' }));
      for (const kind of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content] as const,
  );
}

async function inEveryShape(stage: Stage, paths: readonly string[]): Promise<void> {
  const expected = new RegExp(`${UPLOAD.source}|${NOWHERE.source}`);
  for (const path of paths)
    for (const theme of ['light', 'dark'] as const)
      for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
        const { page, trouble } = await stage.open(path, { theme, size, expected });
        await page.locator('h1').first().waitFor();
        if (path !== '/sign-in') await page.locator('[data-state="live"]').waitFor({ state: 'attached' });
        await page.waitForFunction(() => document.querySelector('.coming') === null);
        const where = `${path}, ${theme}, ${size}`;
        const [wide, most] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok((wide ?? 0) <= (most ?? 0), `${where} scrolls sideways: ${wide} of ${most}`);
        if (size === 'wide') assert.deepEqual(await findingsOf(page), [], where);
        assert.deepEqual(trouble, [], where);
        await page.context().close();
      }
}

describe('on a machine without accounts', { skip }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage(21_420);
  });
  after(() => stage?.[Symbol.asyncDispose]());

  test('a file with problems is refused line by line, a mended one becomes a series that a job uses', async () => {
    const { page, trouble } = await stage.open('/candles', { expected: UPLOAD });
    await page.getByRole('row', { name: /GSPC/ }).waitFor();
    const broken = Array.from({ length: 60 }, (_, at) => at * 5);
    await page.locator('input[type="file"]').setInputFiles(fileOf('BTCUSDT-1h.csv', csv(300, { broken })));
    assert.equal(await page.getByLabel('Symbol', { exact: true }).inputValue(), 'BTCUSDT', 'as the name says');
    await page.getByRole('button', { name: 'Look at it' }).click();
    const problems = page.locator('[data-problems]');
    await problems.waitFor();
    assert.match(await problems.innerText(), /line 2\b/);
    assert.match(await problems.innerText(), /more bad rows/);
    assert.deepEqual((await orThrow(stage.client.GET('/market-data/instruments'))).total, 1, 'nothing is stored');

    await drop(page, 'BTCUSDT-1h.csv', csv(500, { broken: [7] }));
    await page.getByLabel('Symbol', { exact: true }).fill('TESTUSDT');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'Store 499 bars' }).waitFor();
    assert.match(page.url(), /import=[0-9a-f-]{36}/);
    assert.match(await page.locator('.problems').innerText(), /line 9\b/, 'the row that is left out has its line');
    await page.reload();
    await page.getByRole('button', { name: 'Store 499 bars' }).click();
    await page.locator('[data-import="committed"]').waitFor();
    const row = page.locator('[data-series="TESTUSDT 1h"]');
    await row.waitFor();
    assert.match(await row.innerText(), /499/);
    await page.getByRole('button', { name: 'Look for gaps of TESTUSDT' }).click();
    await page.getByText('499 of 500 bars; gaps: 1, 1 bar missing').waitFor();
    assert.deepEqual(trouble, []);
    await page.context().close();

    stage.worker();
    const job_id = await stage.run({
      ...ONE_AXIS,
      name: 'on what was sent',
      time_range: { start: '2024-01-08T00:00:00Z', end: '2024-01-20T00:00:00Z' },
      warmup_bars: 100,
      template: {
        ...ONE_AXIS.template,
        instrument_id: { market_id: 1, symbol: 'TESTUSDT' },
        timeframe: '1h',
        indicator_grids: [
          { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 20, step: 1 } } },
        ],
      },
    });
    const { state } = await orThrow(stage.client.GET('/backtests/jobs/{job_id}', { params: { path: { job_id } } }));
    assert.equal(state, 'succeeded');
  });

  test('bars that would be replaced are counted, with the jobs that stand on them, and can be left as they are', async () => {
    const { page, trouble } = await stage.open('/candles', { expected: UPLOAD });
    await page.getByRole('row', { name: /TESTUSDT/ }).waitFor();
    await drop(page, 'TESTUSDT.csv', csv(500, { factor: 2 }));
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'Store, and replace 499 bars' }).waitFor();
    await page.getByRole('link', { name: 'on what was sent' }).waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('The file is discarded').waitFor();
    const query = { market_id: 1, symbol: 'TESTUSDT', timeframe: '1h', start: new Date(START).toISOString() } as const;
    const { close } = await orThrow(stage.client.GET('/market-data/candles', { params: { query } }));
    assert.equal(close[0], PRICE_OF_HOUR(0), 'as it was');
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('a strategy is listed with what it trades by, starts a job, and can be had back after it is deleted', async () => {
    const { template } = ONE_AXIS;
    const { strategy_id } = await orThrow(
      stage.client.POST('/strategies', { body: { name: 'one <b>axis</b>', template } as never }),
    );
    const { page, trouble } = await stage.open('/saved');
    const row = page.locator(`[data-strategy="${strategy_id}"]`);
    await row.getByRole('button', { name: 'one <b>axis</b>', exact: true }).click();
    await page.getByText('ma.sma window 5 to 100').waitFor();
    await row.getByRole('button', { name: /^Delete/ }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    await row.getByRole('link', { name: /^New job/ }).click();
    await page.waitForURL(`**/jobs/new?strategy=${strategy_id}`);
    await page.goBack();
    await row.getByRole('button', { name: /^Delete/ }).click();
    await page.getByText('No strategies yet').waitFor();
    await page.reload(); // a page that closes sends what it holds back
    await page.getByText('No strategies yet').waitFor();
    assert.deepEqual(trouble, []);
    await page.context().close();
  });

  test('every page is whole in both themes and three widths', async () => {
    await inEveryShape(stage, ['/jobs', '/saved', '/candles?gaps=1:TESTUSDT', '/account', '/sign-in', '/nowhere']);
  });
});

describe('on a server with accounts', { skip }, () => {
  let stage: Stage;
  const OLD = 'an old password';
  const NEW = 'a new password';
  before(async () => {
    stage = await openStage(21_421, { environment: 'prod' });
    const password_hash = await hashPassword(OLD);
    await addAccount(stage.database.pool, { name: 'ann', role: 'admin', password_hash });
  });
  after(() => stage?.[Symbol.asyncDispose]());

  async function signIn(page: Page, password: string): Promise<void> {
    await page.getByLabel('Name').fill('ann');
    await page.getByLabel('Password', { exact: true }).nth(0).fill(password);
    await page.keyboard.press('Enter');
  }

  const REFUSED = /\/api\/auth\/|\/api\/backtests\/jobs/;

  test('who is not signed in comes to sign-in and back, a wrong password is told', async () => {
    const { page } = await stage.open('/jobs?state=failed', { expected: REFUSED });
    await page.waitForURL(/\/sign-in\?back=/);
    await signIn(page, 'a wrong password');
    await page.getByText('name or password is wrong').waitFor();
    await signIn(page, OLD);
    await page.waitForURL(/\/jobs\?state=failed$/);
    await page.getByText('No job matches').waitFor();
    await page.context().close();
  });

  test('a token is shown once and revoked, a password changed, an account added with a code, and one signs out', async () => {
    const { page } = await stage.open('/account', { expected: REFUSED });
    await page.waitForURL(/\/sign-in\?back=/);
    await signIn(page, OLD);
    await page.waitForURL(/\/account$/);

    const form = page.getByRole('form', { name: 'New token' });
    await form.getByLabel('Name').fill('for a script');
    await form.getByLabel(/^jobs/).check();
    await form.getByRole('button', { name: 'Create token' }).click();
    const secret = page.getByRole('group', { name: 'New token' });
    const token = await secret.locator('code').innerText();
    const asToken = (): Promise<Response> =>
      fetch(`${stage.url}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await asToken()).status, 200);
    await page.reload();
    await page.getByRole('row', { name: /for a script.*read, jobs/ }).waitFor();
    assert.equal(await page.getByText(token).count(), 0, 'it is not shown again');
    await page.getByRole('button', { name: 'Revoke for a script' }).click();
    await page.getByText('The token is revoked.').waitFor();
    assert.equal((await asToken()).status, 401);

    await page.getByLabel('Password of now').fill('not this one');
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('must have 10 to 200 characters').waitFor();
    await page.getByLabel('New password').fill(NEW);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('the old password is wrong').waitFor();
    await page.getByLabel('Password of now').fill(OLD);
    const sessions = page.getByRole('table', { name: 'Sessions' }).locator('tbody tr');
    assert.equal(await sessions.count(), 2, 'with that of the first test');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('All your other sessions have ended').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[data-session]').length === 1);

    const adding = page.getByRole('form', { name: 'New account' });
    await adding.getByLabel('Name').fill('bob');
    await adding.getByRole('button', { name: 'Add account' }).click();
    const code = await page.getByRole('group', { name: 'One-time code' }).locator('code').innerText();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);

    await page.getByRole('button', { name: 'One-time code' }).click();
    await page.getByLabel('Name').fill('bob');
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByLabel('New password').fill('the password of bob');
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.waitForURL(/\/jobs$/);
    await page.goto(`${stage.url}/account`);
    await page.getByText('bob, user').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Accounts' }).count(), 0, 'those are for administrators');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    await signIn(page, OLD);
    await page.getByText('name or password is wrong').waitFor();
    await signIn(page, NEW);
    await page.waitForURL(/\/jobs$/);
    await page.context().close();
  });
});
