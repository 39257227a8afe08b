import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { DEFAULTS } from '@backtest-jobs/engine';
import { configPath, defaultsOf, loadConfig, parseConfig, runtimeConfigHash, type Config } from './config.ts';
import { marketOf } from './market.ts';
import { SettingsError } from './settings.ts';

const PROJECT = resolve(import.meta.dirname, '..', '..', '..');
const CONFIGS = join(PROJECT, 'configs');

function problemsOf(yaml: string): readonly string[] {
  try {
    parseConfig(yaml, 'b.yaml');
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

/** A file of configs/, and the same with every key behind a # set. */
async function fileOf(environment: string): Promise<{ set: Config; shown: Config }> {
  const yaml = await readFile(join(CONFIGS, environment, 'backtest.yaml'), 'utf8');
  return { set: parseConfig(yaml), shown: parseConfig(yaml.replaceAll(/^( +)# ( *\w+:)/gm, '$1$2')) };
}

const USUAL = parseConfig('version: 1');

test('the files show defaults behind a # and set what differs', async () => {
  const own = {
    dev: { lease_seconds: 15, heartbeat_seconds: 5 }, // a demo whose worker is killed goes on soon
    test: { claim_poll_seconds: 0.2, lease_seconds: 3, heartbeat_seconds: 1, snapshot_seconds: 0.5 },
    prod: {},
  };
  for (const [environment, jobs] of Object.entries(own)) {
    const { set, shown } = await fileOf(environment);
    const luck = environment === 'test' ? { luck_default: 0 } : {};
    const expected = { ...USUAL, backtest: { ...USUAL.backtest, ...luck, jobs: { ...USUAL.backtest.jobs, ...jobs } } };
    assert.deepEqual(set, expected, environment);
    assert.deepEqual(shown, expected, environment);
  }
});

test('what dev sets shows its default in a comment', async () => {
  const yaml = await readFile(join(CONFIGS, 'dev', 'backtest.yaml'), 'utf8');
  assert.deepEqual(
    [...yaml.matchAll(/^ +(\w+): \S+ # default (\d+);/gm)].map(([, name, value]) => [name, Number(value)]),
    [
      ['lease_seconds', USUAL.backtest.jobs.lease_seconds],
      ['heartbeat_seconds', USUAL.backtest.jobs.heartbeat_seconds],
    ],
  );
});

test('what a spec may leave out has the default of the engine', () => {
  assert.deepEqual(defaultsOf(USUAL), DEFAULTS);
});

test('every problem is told at once, by line, and an unknown key with the nearest known one', () => {
  const yaml = [
    'version: 2',
    'backtest:',
    '  warmup_bars_defalt: 100',
    '  top_k_default: many',
    '  ranking: { primary_metric_default: total_return }',
    '  cpu: { threads: 0 }',
    '  jobs:',
    '    enabled: yes',
    '    max_crashes: 1.5',
    '    retention_days: -1',
    '    colour: red',
    '  execution:',
    '    init_cash_quote_default: 0',
    '    fee_pct_default_by_market_id: { 1: 100, zero: 1 }',
    '  markets: 5',
    '  luck_default: none',
  ];
  const expected = [
    'b.yaml:1: version must be 1, not 2',
    'b.yaml:3: backtest.warmup_bars_defalt is not a known key, did you mean warmup_bars_default?',
    'b.yaml:4: backtest.top_k_default must be a whole number from 1 to 100,000, not "many"',
    'b.yaml:5: backtest.ranking.primary_metric_default must be one of total_return_pct, ',
    'b.yaml:6: backtest.cpu.threads must be a whole number from 1 to 1,024 or auto, not 0',
    'b.yaml:8: backtest.jobs.enabled must be true or false, not "yes"',
    'b.yaml:9: backtest.jobs.max_crashes must be a whole number from 1 to 1,000, not 1.5',
    'b.yaml:10: backtest.jobs.retention_days must be a number above 0 and of at most 36,500 or null, not -1',
    'b.yaml:11: backtest.jobs.colour is not a known key, there are enabled, ',
    'b.yaml:13: backtest.execution.init_cash_quote_default must be a number above 0, not 0',
    'b.yaml:14: backtest.execution.fee_pct_default_by_market_id.1 must be a number of at least 0 and below 100, not 100',
    'b.yaml:14: backtest.execution.fee_pct_default_by_market_id.zero is not a market id: a whole number from 1 to 65,535',
    'b.yaml:15: backtest.markets must have keys of its own',
    'b.yaml:16: backtest.luck_default must be a whole number from 0 to 10,000 or auto, not "none"',
  ];
  const found = problemsOf(yaml.join('\n'));
  for (const [i, start] of expected.entries()) assert.ok(found[i]?.startsWith(start), `${found[i]}\n${start}`);
  assert.equal(found.length, expected.length);
});

test('keys are judged together too, unless one of them is wrong by itself', () => {
  assert.deepEqual(problemsOf('version: 1\nbacktest:\n  jobs:\n    heartbeat_seconds: 21'), [
    'b.yaml:4: backtest.jobs.heartbeat_seconds must be at most a third of lease_seconds: 21 * 3 is more than 60',
  ]);
  assert.deepEqual(problemsOf('version: 1\nbacktest: { jobs: { heartbeat_seconds: 0.1, lease_seconds: 0.3 } }'), []);
  assert.equal(problemsOf('version: 1\nbacktest: { jobs: { heartbeat_seconds: 21, lease_seconds: x } }').length, 1);
  for (const luck of [0, 19, 'auto'])
    assert.deepEqual(problemsOf(`version: 1\nbacktest: { luck_default: ${luck} }`), []);
  assert.deepEqual(problemsOf('version: 1\nbacktest: { luck_default: 5 }'), [
    'b.yaml:2: backtest.luck_default must be auto, 0 or at least 19, not 5',
  ]);
  const other = '{ 9: { name: other, calendar: session, periods_per_year: 252 } }';
  assert.deepEqual(
    problemsOf(`version: 1\nbacktest:\n  markets: ${other}\n  execution: { fee_pct_default_by_market_id: { 1: 0.1 } }`),
    [
      'b.yaml:4: backtest.execution.fee_pct_default_by_market_id has no fee for market 9',
      'b.yaml:4: backtest.execution.fee_pct_default_by_market_id.1 is a fee for a market that backtest.markets does not have',
    ],
  );
});

test('what is no configuration at all', () => {
  assert.deepEqual(problemsOf(''), ['b.yaml:1: version is missing: it must be 1']);
  assert.deepEqual(problemsOf('- 1'), [
    'b.yaml:1: must have keys of its own',
    'b.yaml:1: version is missing: it must be 1',
  ]);
  assert.match(problemsOf('version: 1\nbacktest: {')[0] ?? '', /^b\.yaml:2: /);
  assert.match(problemsOf('version: 1\nversion: 1')[0] ?? '', /^b\.yaml:2: .*unique/);
});

test('finished jobs are kept for ever unless a number of days says otherwise, which may have a fraction', () => {
  const kept = (yaml: string) =>
    parseConfig(`version: 1\nbacktest: { jobs: { ${yaml} } }`).backtest.jobs.retention_days;
  assert.deepEqual([kept(''), kept('retention_days: null')], [null, null]);
  assert.deepEqual([kept('retention_days: 90'), kept('retention_days: 0.5')], [90, 0.5]);
  for (const bad of ['0', '36501', '"90"', '.inf'])
    assert.throws(() => kept(`retention_days: ${bad}`), SettingsError, bad);
});

test('a section without content, and an anchor, mean what they mean in YAML', () => {
  assert.deepEqual(parseConfig('version: 1\nbacktest:\n  jobs:\n  cpu: {}'), parseConfig('version: 1'));
  const { execution } = parseConfig(
    'version: 1\nbacktest: { execution: { init_cash_quote_default: &n 5, fixed_quote_default: *n } }',
  ).backtest;
  assert.equal(execution.fixed_quote_default, 5);
});

test('a missing file is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-config-'));
  await assert.rejects(loadConfig(join(folder, 'none.yaml')), /none\.yaml cannot be read: ENOENT/);
  await writeFile(join(folder, 'some.yaml'), 'version: 1');
  assert.equal((await loadConfig(join(folder, 'some.yaml'))).version, 1);
  await rm(folder, { recursive: true });
});

test('--config wins over ROEHUB_BACKTEST_CONFIG, that over ROEHUB_ENV; given paths are seen from the caller', () => {
  const npm = { INIT_CWD: '/some/where', npm_package_json: join(process.cwd(), 'package.json') };
  const env = { ...npm, ROEHUB_ENV: 'test', ROEHUB_BACKTEST_CONFIG: 'two.yaml' };
  assert.equal(configPath({ config: 'one.yaml', env }), '/some/where/one.yaml');
  assert.equal(configPath({ config: '/abs/one.yaml', env }), '/abs/one.yaml');
  assert.equal(configPath({ env }), '/some/where/two.yaml');
  assert.equal(configPath({ env: { ROEHUB_ENV: 'test' } }), join(CONFIGS, 'test', 'backtest.yaml'));
  assert.equal(configPath({ env: {} }), join(CONFIGS, 'dev', 'backtest.yaml'));
  assert.throws(
    () => configPath({ env: { ROEHUB_ENV: '../dev' } }),
    /ROEHUB_ENV must be dev, test or prod, not "\.\.\/dev"/,
  );
});

const hash = (backtest: string): string => runtimeConfigHash(parseConfig(`version: 1\nbacktest: {${backtest}}`));

test('the runtime hash changes with what changes a result and with nothing else', () => {
  const base = hash('');
  assert.match(base, /^[0-9a-f]{64}$/);
  for (const same of [
    'jobs: { lease_seconds: 90, enabled: false, parallel_workers: 4 }',
    'cpu: { threads: 3 }',
    'guards: { max_variants_per_compute: 5 }',
    'sync: { sync_deadline_seconds: 1 }',
  ]) {
    assert.equal(hash(same), base, same);
  }
  for (const other of [
    'warmup_bars_default: 1',
    'jobs: { top_k_persisted_default: 10 }',
    'jobs: { max_trades_persisted_per_row: 10 }',
    'reporting: { top_trades_n_default: 1 }',
    'ranking: { secondary_metric_default: sharpe }',
    'execution: { slippage_pct_default: 0.02 }',
  ]) {
    assert.notEqual(hash(other), base, other);
  }
  const market = (name: string, periods: number): string =>
    hash(
      `markets: { 1: { name: ${name}, calendar: session, periods_per_year: ${periods} } }, execution: { fee_pct_default_by_market_id: { 1: 0 } }`,
    );
  assert.equal(market('a', 252), market('b', 252));
  assert.notEqual(market('a', 252), market('a', 365));
});

const withMarket = (keys: string): string =>
  `version: 1\nbacktest:\n  markets:\n    9: { name: other, periods_per_year: 252, ${keys} }\n  execution: { fee_pct_default_by_market_id: { 9: 0 } }`;

test('a session market says when and where its day begins, and the engine gets the offsets of the zone', () => {
  const dayOf = (keys: string) => marketOf(parseConfig(withMarket(keys)).backtest.markets, 9).day;
  assert.deepEqual(dayOf('calendar: session, day_begins: 17:00, zone: America/New_York'), {
    begins: '17:00',
    zone: 'America/New_York',
  });
  assert.deepEqual(dayOf('calendar: session, day_begins: "22:00"'), { begins: '22:00', zone: 'UTC' });
  assert.deepEqual(dayOf('calendar: session, zone: Australia/Sydney'), { begins: '00:00', zone: 'Australia/Sydney' });
  for (const utc of ['calendar: session', 'calendar: session, day_begins: null, zone: UTC', 'calendar: continuous'])
    assert.equal(dayOf(utc), null, utc);
  const config = parseConfig(withMarket('calendar: session, day_begins: "22:00"'));
  assert.deepEqual(defaultsOf(config).markets[9], {
    name: 'other',
    calendar: 'session',
    periods_per_year: 252,
    day: { begins: '22:00', zone: 'UTC', offsets: [{ from: '1900-01-01T00:00:00.000Z', seconds: 0 }] },
  });
});

test('a day that is no day is told with its key, and so is one of a market that never closes', () => {
  const problems = problemsOf(withMarket('calendar: session, day_begins: "24:00", zone: America/Newyork'));
  assert.deepEqual(problems, [
    'b.yaml:4: backtest.markets.9.day_begins must be a time of day from "00:00" to "23:59" or null, not "24:00"',
    'b.yaml:4: backtest.markets.9.zone must be a zone of the IANA, like America/New_York or UTC or null, not "America/Newyork"',
  ]);
  for (const bad of ['zone: "+02:00"', 'zone: 2', 'day_begins: 17', 'day_begins: 9:30'])
    assert.equal(problemsOf(withMarket(`calendar: session, ${bad}`)).length, 1, bad);
  const never = problemsOf(withMarket('calendar: continuous, day_begins: "17:00", zone: Asia/Tokyo'));
  assert.deepEqual(
    never.map((problem) => problem.replace(/ is for .*/, '')),
    ['b.yaml:4: backtest.markets.9.day_begins', 'b.yaml:4: backtest.markets.9.zone'],
  );
});

test('the hash of the configuration has the day of a market', () => {
  const hashOf = (keys: string) => runtimeConfigHash(parseConfig(withMarket(`calendar: session, ${keys}`)));
  const hashes = ['zone: UTC', 'zone: Asia/Tokyo', 'day_begins: "09:00", zone: Asia/Tokyo'].map(hashOf);
  assert.equal(new Set(hashes).size, 3);
  assert.equal(hashOf('day_begins: "00:00"'), hashes[0]);
});
