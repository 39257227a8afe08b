import assert from 'node:assert/strict';
import test from 'node:test';
import { endingLimits, limitsText, reachedLimits } from './limits.ts';

const SETTINGS = [
  'max_execution_time\t5',
  'max_result_rows\t0',
  'max_rows_to_read\t1000',
  'max_rows_to_group_by\t10',
  'group_by_overflow_mode\tany',
  'read_overflow_mode\tbreak',
  'result_overflow_mode\tbreak',
  'timeout_overflow_mode\tthrow',
  'limit\t7',
].join('\n');

test('limits that end answers are those with a number and a mode that does not throw', () => {
  const limits = endingLimits(SETTINGS);
  assert.deepEqual(
    limits.map(({ name, most, mode }) => `${name} ${most} ${mode}`),
    [
      'max_rows_to_read 1000 read_overflow_mode = break',
      'max_rows_to_group_by 10 group_by_overflow_mode = any',
      'limit 7 null',
    ],
  );
  assert.deepEqual(endingLimits('max_rows_to_read\t1000\n'), [], 'a server that does not say its mode throws');
  assert.match(
    limitsText(limits),
    /by max_rows_to_read = 1000 with read_overflow_mode = break, .*, limit = 7: raise them/,
  );
});

test('an answer has reached a limit by what was read for it; one that does not say it may have reached any', () => {
  const limits = endingLimits(SETTINGS);
  const reached = (rows: number, rows_read: number) =>
    reachedLimits({ rows, statistics: { elapsed: 9, rows_read, bytes_read: 9e9 } }, limits).map(({ name }) => name);
  assert.deepEqual(reached(1, 1000), []);
  assert.deepEqual(reached(1, 1001), ['max_rows_to_read']);
  assert.deepEqual(reached(10, 10), ['max_rows_to_group_by', 'limit']);
  assert.deepEqual(reachedLimits({ rows: 1 }, limits), limits);
  const slow = endingLimits('max_execution_time\t0.5\ntimeout_overflow_mode\tbreak');
  assert.equal(reachedLimits({ rows: 1, statistics: { elapsed: 0.51, rows_read: 1, bytes_read: 1 } }, slow).length, 1);
});
