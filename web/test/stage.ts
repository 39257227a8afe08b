// What browser tests share: a database, the sample candles, a real API that serves the built screen, real workers, and a
// browser whose pages report every console error, failed request and request to another origin.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, orThrow, type Client } from '@backtest-jobs/client';
import { chromium, type Browser, type Page } from 'playwright-core';
import { importSample } from '../../server/src/stack/sample.ts';
import { testDatabase, type TestDatabase } from '../../server/test/database.ts';
import { eventually, startWorker, type TestWorker } from '../../server/test/fleet.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = join(PROJECT, 'configs/test/backtest.yaml');
const BACKTEST = join(PROJECT, 'server/backtest.mjs');

/** Width, height of the screens that pages are designed for. */
export const SIZES = {
  wide: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const;

export interface Opening {
  readonly size?: keyof typeof SIZES;
  readonly theme?: 'light' | 'dark';
  /** Answers that a test provokes: their addresses. */
  readonly expected?: RegExp;
}

export interface OpenPage {
  readonly page: Page;
  /** What no page may do; empty in every test. */
  readonly trouble: readonly string[];
}

export interface Stage extends AsyncDisposable {
  readonly url: string;
  readonly client: Client;
  readonly database: TestDatabase;
  /** Opens an address of the screen in a browser of its own. */
  open(path: string, opening?: Opening): Promise<OpenPage>;
  submit(spec: object): Promise<string>;
  /** Submits a job and waits until it has ended. */
  run(spec: object): Promise<string>;
  worker(): TestWorker;
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
}

/** Finds a Chromium; null: there is none, and tests say so. */
export function findChromium(): string | null {
  const named = process.env['BACKTEST_CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(':');
  const found = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return [named ?? '', ...found].find((path) => path !== '' && existsSync(path)) ?? null;
}

export interface StageOptions {
  /** `prod`: everybody has to sign in. */
  readonly environment?: 'dev' | 'prod';
}

/** Opens a stage on a port of this machine. */
export async function openStage(port: number, { environment = 'dev' }: StageOptions = {}): Promise<Stage> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('no Chromium: install Debian’s chromium, or name one in BACKTEST_CHROMIUM');
  const home = await mkdtemp(join(tmpdir(), 'backtest-web-'));
  const database = await testDatabase();
  const folder = join(home, 'candles');
  await importSample(folder);
  const env = { STRATEGY_PG_DSN: database.dsn, CANDLE_SOURCE: `parquet:${folder}`, BACKTEST_HOME: home };
  const url = `http://127.0.0.1:${port}`;
  const client = createClient({ baseUrl: `${url}/api` });
  const workers: TestWorker[] = [];
  const api = openApi(url, { ...env, ROEHUB_ENV: environment });
  await api.start();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--force-prefers-reduced-motion'],
  });
  const submit = async (spec: object): Promise<string> => {
    const { job_id } = await orThrow(client.POST('/backtests/jobs', { body: spec as never }));
    return job_id;
  };
  return {
    url,
    client,
    database,
    open: (path, opening = {}) => openPage(browser, url, path, opening),
    submit,
    async run(spec) {
      const job_id = await submit(spec);
      await eventually('the end of a job', async () => {
        const { state } = await orThrow(client.GET('/backtests/jobs/{job_id}', { params: { path: { job_id } } }));
        return state !== 'queued' && state !== 'running';
      });
      return job_id;
    },
    worker() {
      const worker = startWorker(env);
      workers.push(worker);
      return worker;
    },
    stopApi: () => api.end('SIGTERM'),
    startApi: () => api.start(),
    async [Symbol.asyncDispose]() {
      await browser.close();
      for (const worker of workers) worker.kill('SIGKILL');
      await Promise.all(workers.map((worker) => worker.ended));
      await api.end('SIGKILL');
      await database[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The API as a process of its own, which a test may stop and start again. */
function openApi(url: string, env: Record<string, string>) {
  const { PATH, HOME } = process.env;
  const { port } = new URL(url);
  let child: ChildProcess | null = null;
  const isReady = async (): Promise<boolean> => {
    const reply = await fetch(`${url}/readyz`).catch(() => null);
    return reply?.ok ?? false;
  };
  return {
    async start(): Promise<void> {
      child = spawn(process.execPath, [BACKTEST, 'api', '--config', CONFIG, '--port', port], {
        cwd: PROJECT,
        env: { PATH, HOME, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await eventually('the API', isReady, { seconds: 120 });
    },
    async end(signal: NodeJS.Signals): Promise<void> {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

async function openPage(browser: Browser, url: string, path: string, opening: Opening): Promise<OpenPage> {
  const { size = 'wide', theme = 'light', expected } = opening;
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const trouble: string[] = [];
  const isExpected = (address: string): boolean => expected?.test(address) ?? false;
  page.on('pageerror', ({ message }) => trouble.push(`thrown: ${message}`));
  page.on('console', (message) => {
    const kind = message.type();
    if ((kind === 'error' || kind === 'warning') && !isExpected(message.location().url))
      trouble.push(`${kind}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${url}/`) && !/^(data|blob):/.test(address)) trouble.push(`another origin: ${address}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !isExpected(response.url())) trouble.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url + path);
  return { page, trouble };
}
