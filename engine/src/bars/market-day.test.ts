import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { DAY_MS, HOUR_MS } from '../spec.ts';
import { dayOf, ZONES } from '../testing/sessions.ts';
import { dayWithin, openDayClock, type DayClock } from './market-day.ts';

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
const opensAround = (clock: DayClock, date: string): readonly string[] => {
  const open = clock.open(Date.parse(date));
  return [open, clock.end(open), clock.end(clock.end(open))].map(iso);
};

test('a day begins at the time of its zone, in winter and in summer', () => {
  const newYork = openDayClock(dayOf('17:00', 'America/New_York'));
  assert.deepEqual(opensAround(newYork, '2024-03-09T12:00Z'), [
    '2024-03-08T22:00',
    '2024-03-09T22:00',
    '2024-03-10T21:00', // 23 hours later
  ]);
  assert.deepEqual(opensAround(newYork, '2024-11-02T12:00Z'), [
    '2024-11-01T21:00',
    '2024-11-02T21:00',
    '2024-11-03T22:00', // 25 hours later
  ]);
  const sydney = openDayClock(dayOf('10:00', 'Australia/Sydney'));
  assert.deepEqual(opensAround(sydney, '2024-04-05T00:00Z'), [
    '2024-04-04T23:00',
    '2024-04-05T23:00',
    '2024-04-07T00:00',
  ]);
  const tokyo = openDayClock(dayOf('09:00', 'Asia/Tokyo'));
  assert.deepEqual(opensAround(tokyo, '2024-03-10T00:00Z'), [
    '2024-03-10T00:00',
    '2024-03-11T00:00',
    '2024-03-12T00:00',
  ]);
});

test('a time that the clock jumps over is that of the jump; of one that comes twice the first counts', () => {
  const skipped = openDayClock(dayOf('02:30', 'America/New_York'));
  assert.deepEqual(opensAround(skipped, '2024-03-09T12:00Z'), [
    '2024-03-09T07:30',
    '2024-03-10T07:00',
    '2024-03-11T06:30',
  ]);
  const twice = openDayClock(dayOf('01:30', 'America/New_York'));
  assert.deepEqual(opensAround(twice, '2024-11-02T12:00Z'), [
    '2024-11-02T05:30',
    '2024-11-03T05:30',
    '2024-11-04T06:30',
  ]);
  const midnight = openDayClock(dayOf('00:00', 'America/Santiago'));
  assert.deepEqual(opensAround(midnight, '2024-09-07T12:00Z'), [
    '2024-09-07T04:00',
    '2024-09-08T04:00',
    '2024-09-09T03:00',
  ]);
});

test('a day that begins at noon or later has the date on which it ends', () => {
  const openOf = (begins: string) =>
    iso(openDayClock(dayOf(begins, 'America/New_York')).openOfDate(Date.UTC(2024, 0, 8)));
  assert.equal(openOf('17:00'), '2024-01-07T22:00');
  assert.equal(openOf('12:00'), '2024-01-07T17:00');
  assert.equal(openOf('11:59'), '2024-01-08T16:59');
  assert.equal(openOf('00:00'), '2024-01-08T05:00');
});

test('days follow each other without a gap, each begins at its time, and times in any order find them', () => {
  const next = random(4);
  for (const zone of Object.keys(ZONES) as (keyof typeof ZONES)[]) {
    for (const begins of ['00:00', '09:30', '17:00', '23:59']) {
      const clock = openDayClock(dayOf(begins, zone));
      for (let round = 0; round < 300; round += 1) {
        const time = Date.UTC(2024, 0, 1) + Math.floor(next() * 366 * DAY_MS);
        const [open, end] = [clock.open(time), clock.end(time)];
        assert.ok(open <= time && time < end);
        assert.equal(clock.open(end), end);
        assert.equal(clock.end(open - 1), open);
        assert.ok([23, 24, 25].includes((end - open) / HOUR_MS));
        const shown = new Date(clock.local(open)).toISOString().slice(11, 16);
        assert.ok(shown === begins || clock.local(open) - clock.local(open - 1) === HOUR_MS + 1, `${zone} ${shown}`);
      }
    }
  }
});

test('the offsets around a range say the same of every day in it', () => {
  const day = dayOf('17:00', 'America/New_York');
  const [start, end] = [Date.UTC(2024, 4, 1), Date.UTC(2024, 10, 20)];
  const cut = dayWithin(day, { start, end });
  assert.deepEqual(cut.offsets, ZONES['America/New_York'].slice(1));
  assert.deepEqual(dayWithin(day, { start, end: Date.UTC(2024, 10, 1) }).offsets.length, 1);
  const [whole, part] = [openDayClock(day), openDayClock(cut)];
  for (let time = start; time < end; time += HOUR_MS) assert.equal(part.open(time), whole.open(time));
});

test('the days of the reference page', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/sessions.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| \d\d:/.test(line));
  assert.ok(rows.length >= 5);
  for (const row of rows) {
    const [, begins, zone, date, opens, ends] = row.split('|').map((cell) => cell.trim());
    const named = Object.keys(ZONES).find((one): one is keyof typeof ZONES => one === zone);
    assert.ok(named !== undefined, zone);
    const clock = openDayClock(dayOf(begins, named));
    const open = clock.openOfDate(Date.parse(date));
    assert.deepEqual([`${iso(open)}Z`, `${iso(clock.end(open))}Z`], [opens, ends], row);
  }
});
