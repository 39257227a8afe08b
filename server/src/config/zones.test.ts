import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneOffsets } from './zones.ts';

test('the offsets of a zone begin at the second at which its clock changes', () => {
  const of2024 = (zone: string) =>
    zoneOffsets(zone)
      .filter(({ from }) => from.startsWith('2024'))
      .map(({ from, seconds }) => [from, seconds / 3600]);
  assert.deepEqual(of2024('America/New_York'), [
    ['2024-03-10T07:00:00.000Z', -4],
    ['2024-11-03T06:00:00.000Z', -5],
  ]);
  assert.deepEqual(of2024('Australia/Sydney'), [
    ['2024-04-06T16:00:00.000Z', 10],
    ['2024-10-05T16:00:00.000Z', 11],
  ]);
  // Summer time is set out for Ramadan.
  assert.deepEqual(of2024('Africa/Casablanca'), [
    ['2024-03-10T02:00:00.000Z', 0],
    ['2024-04-14T02:00:00.000Z', 1],
  ]);
});

test('a zone without summer time has an offset since its last change, and UTC one', () => {
  assert.equal(zoneOffsets('Asia/Tokyo').at(-1)?.seconds, 9 * 3600);
  assert.deepEqual(zoneOffsets('UTC'), [{ from: '1900-01-01T00:00:00.000Z', seconds: 0 }]);
  // With seconds until 1972.
  assert.equal(zoneOffsets('Africa/Monrovia').at(-2)?.seconds, -2670);
});

test('every offset is that of the clock on the wall all through its time', () => {
  const zone = 'America/St_Johns';
  const offsets = zoneOffsets(zone);
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  for (const [at, { from, seconds }] of offsets.entries()) {
    const next = offsets[at + 1]?.from ?? '2099-12-31T00:00:00.000Z';
    for (const time of [Date.parse(from), Date.parse(next) - 1000]) {
      const local = Date.parse(`${wall.format(time).replace(' ', 'T')}Z`);
      assert.equal(local - time, seconds * 1000, new Date(time).toISOString());
    }
  }
});
