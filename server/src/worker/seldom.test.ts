import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seldom } from './seldom.ts';

test('the first message comes at once, then one every five seconds', () => {
  let time = 0;
  const heard: number[] = [];
  const report = seldom(
    (at: number) => heard.push(at),
    () => time,
  );
  for (; time <= 12_000; time += 500) report(time);
  assert.deepEqual(heard, [0, 5000, 10_000]);
});
