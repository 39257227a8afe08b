import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid7 } from './uuid7.ts';

test('a UUIDv7 has its time in front, then version and variant', () => {
  // The time of the example in RFC 9562, appendix A.6.
  assert.match(uuid7(0x017f22e279b0), /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('later ids sort later, and one millisecond holds many', () => {
  assert.ok(uuid7(1000) < uuid7(1001));
  assert.equal(new Set(Array.from({ length: 10_000 }, () => uuid7(1000))).size, 10_000);
});
