// What it costs to look at the scores of 1,004,500 variants as a screen does: maps while sliders move, bands while a brush
// moves, a summary, each over HTTP and from a database, held against the plainest definition of it. And to export them.
// `npm run bench:surfaces`

import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseSpec } from '@backtest-jobs/engine';
import { buildApi } from '../server/src/api.ts';
import { table } from '../server/src/cli/show/table.ts';
import { surface } from '../server/src/queue/portions/surface.ts';
import { openVariantReports } from '../server/src/reports/reporter.ts';
import { unitsOfSurface } from '../server/src/surfaces/load.ts';
import { SOURCE, specBody, testConfig } from '../server/test/api.ts';
import { claimed } from '../server/test/queue.ts';
import { openGround, percentile, require, shown, type QueueLine } from './queue/ground.ts';

const LENGTHS = { a: 41, b: 7, c: 35, d: 100 } as const;
type Axis = keyof typeof LENGTHS;
const AXES = Object.keys(LENGTHS) as Axis[];
const UNITS = AXES.reduce((product, axis) => product * LENGTHS[axis], 1);
const PORTION = 131_072;
const ROUNDS = 60;

const strideOf = (axis: Axis): number =>
  AXES.slice(AXES.indexOf(axis) + 1).reduce((product, inner) => product * LENGTHS[inner], 1);
const digitOf = (unit: number, axis: Axis): number => Math.floor(unit / strideOf(axis)) % LENGTHS[axis];

/** A hill with noise on it, an eighth of it without a score. */
const SCORES = Float32Array.from({ length: UNITS }, (_, unit) => {
  const noise = Math.imul(unit ^ 0x9e3779b9, 0x85ebca6b) >>> 8;
  if (noise % 8 === 0) return NaN;
  return 40 * Math.sin(digitOf(unit, 'a') / 13) * Math.cos(digitOf(unit, 'd') / 30) + (noise % 4096) / 64 - 30;
});

interface Reply {
  readonly bytes: Buffer;
  readonly ms: number;
}

async function main(): Promise<void> {
  await using ground = await openGround();
  await using database = await ground.database();
  await using reports = openVariantReports({ kind: 'parquet', folder: '/nonexistent' });
  const { pool } = database;
  const app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports });
  try {
    const params = Object.fromEntries(
      AXES.map((axis) => [axis, { mode: 'range', start: 1, stop_incl: LENGTHS[axis], step: 1 }]),
    );
    const payload = specBody({}, { indicator_grids: undefined, rules: { long: 'close > a + b + c + d' }, params });
    const units = unitsOfSurface(parseSpec(payload));
    require(units === UNITS, `${UNITS} scores of the job, but ${units}`);
    const submitted = await app.inject({ method: 'POST', url: '/backtests/jobs', payload });
    const { lease } = await claimed(pool, { lease_seconds: 3600 });
    for (let from = 0; from < UNITS; from += PORTION)
      await surface(pool, lease, {
        lease_seconds: 3600,
        first_index: from,
        scores: SCORES.subarray(from, from + PORTION),
      });
    const job = `${await app.listen({ port: 0 })}/backtests/jobs/${submitted.json<{ job_id: string }>().job_id}`;
    const url = `${job}/surface`;
    const exports = [];
    for (const format of ['csv', 'ndjson', 'parquet'])
      exports.push(await exportLine(`${job}/export?what=surface`, format));
    const looked = await measured(async (path) => {
      const startedAt = performance.now();
      const reply = await fetch(url + path);
      const bytes = Buffer.from(await reply.arrayBuffer());
      require(reply.status === 200, `200 for ${path}: ${reply.status} ${bytes.toString()}`);
      return { bytes, ms: performance.now() - startedAt };
    });
    const lines = [...looked, ...exports];
    const rows = lines.map(({ what, result, check, target }) => [what, result, target, check]);
    const titles = ['what', 'result', 'target', 'checked'].map((title) => ({ title }));
    process.stdout.write(
      `${table(titles, rows).join('\n')}\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.versions.node}\n`,
    );
  } finally {
    await app.close();
  }
}

/** Reads an export to its end and keeps none of it; rows of text are counted. */
async function exportLine(url: string, format: string): Promise<QueueLine> {
  const startedAt = performance.now();
  const before = process.memoryUsage.rss();
  const peak = { own: 0, child: 0 };
  const watch = setInterval(() => {
    peak.own = Math.max(peak.own, process.memoryUsage.rss() - before);
    peak.child = Math.max(peak.child, largestChild());
  }, 20);
  const reply = await fetch(`${url}&format=${format}`);
  let [size, rows] = [0, 0];
  for await (const bytes of reply.body ?? []) {
    size += bytes.length;
    for (const byte of bytes) rows += Number(byte === 10);
  }
  clearInterval(watch);
  const ms = performance.now() - startedAt;
  require(reply.status === 200 && size > 0, `an export as ${format}`);
  if (format !== 'parquet')
    require(rows === UNITS + Number(format === 'csv'), `${UNITS} rows of ${format}, but ${rows}`);
  const memory = `child ${shown(peak.child)} MB, API + ${shown(peak.own / 1e6)} MB`;
  return {
    what: `export, ${format}`,
    result: `${shown(ms / 1000)} s, ${shown(size / 1e6)} MB, ${memory}`,
    target: '',
    check: format === 'parquet' ? 'export.db.test.ts' : 'rows',
  };
}

/** Peak of resident memory of the largest child of this process, in MB. */
function largestChild(): number {
  let largest = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (/^PPid:\s+(\d+)/m.exec(status)?.[1] !== String(process.pid)) continue;
      if (!/^Name:\s+(node|MainThread)/m.test(status)) continue;
      largest = Math.max(largest, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1000);
    } catch {
      // it has ended meanwhile
    }
  }
  return largest;
}

type Get = (path: string) => Promise<Reply>;

async function measured(get: Get): Promise<QueueLine[]> {
  const first = await get('?x=a&y=d');
  const maps: Record<string, Reply[]> = {};
  for (const how of ['max', 'median', 'near']) {
    await get(`?x=d&y=c&how=${how}`); // what is made once
    const replies: Reply[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [x, y, held] = [AXES[round % 4], AXES[(round + 1) % 4], AXES[(round + 2) % 4]] as [Axis, Axis, Axis];
      const value = 1 + (round % LENGTHS[held]);
      const reply = await get(`?x=${x}&y=${y}&how=${how}&hold.${held}=${value}`);
      if (round % 20 === 0 && how !== 'near') requireCells(reply.bytes, { x, y, held, value, how });
      replies.push(reply);
    }
    maps[how] = replies;
  }
  const bands: Reply[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const to = 20 + round;
    const reply = await get(`/bands?min=${round / 10}&brush.d=10..${to}&order=a,b,c,d`);
    const found: { matched: number } = JSON.parse(reply.bytes.toString());
    if (round % 20 === 0) {
      const matched = SCORES.reduce((sum, score, unit) => {
        const digit = digitOf(unit, 'd');
        return sum + Number(score >= round / 10 && digit >= 9 && digit < to);
      }, 0);
      require(found.matched === matched, `${matched} matched`);
    }
    bands.push(reply);
  }
  const summary = await get('/summary?above=0,10');
  const raw = await get('');
  require(raw.bytes.subarray(raw.bytes.length - 4 * UNITS).equals(Buffer.from(SCORES.buffer)), 'the scores');
  const line = (what: string, replies: readonly Reply[], target: string, check: string): QueueLine => {
    const times = replies.map(({ ms }) => ms);
    const size = Math.max(...replies.map(({ bytes }) => bytes.length));
    return {
      what,
      result: `p50 ${shown(percentile(times, 0.5))} ms, p95 ${shown(percentile(times, 0.95))} ms, ${shown(size / 1000)} kB`,
      check,
      target,
    };
  };
  return [
    line('first map, scores read from the database', [first], '', ''),
    ...Object.entries(maps).map(([how, replies]) =>
      line(`map, ${how}, one axis held`, replies, 'p95 150 ms, 700 kB', how === 'near' ? 'cube.test.ts' : 'cells'),
    ),
    line('bands, a brush and a bound', bands, 'p95 250 ms', 'matched'),
    line('summary', [summary], '', 'cube.test.ts'),
    line('raw scores', [raw], '', 'bytes'),
  ];
}

interface Asked {
  readonly x: Axis;
  readonly y: Axis;
  readonly held: Axis;
  readonly value: number;
  readonly how: string;
}

/** Holds the cells of a map against lists of what is in each. */
function requireCells(bytes: Buffer, { x, y, held, value, how }: Asked): void {
  const lists = Array.from({ length: LENGTHS[x] * LENGTHS[y] }, (): number[] => []);
  for (let unit = 0; unit < UNITS; unit += 1) {
    const score = SCORES[unit] ?? NaN;
    if (Number.isNaN(score) || digitOf(unit, held) !== value - 1) continue;
    lists[digitOf(unit, y) * LENGTHS[x] + digitOf(unit, x)]?.push(score);
  }
  const rest = bytes.subarray(4 + bytes.readUInt32LE(0));
  require(rest.length === 4 * lists.length, `${lists.length} cells`);
  for (const [cell, list] of lists.entries()) {
    list.sort((a, b) => a - b);
    const middle = Math.fround(((list[(list.length - 1) >> 1] ?? NaN) + (list[list.length >> 1] ?? NaN)) / 2);
    const expected = how === 'max' ? (list.at(-1) ?? NaN) : middle;
    require(Object.is(rest.readFloatLE(4 * cell), expected), `cell ${cell} of ${x}, ${y}, ${how}`);
  }
}

await main();
