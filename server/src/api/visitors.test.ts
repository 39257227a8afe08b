import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../config/loopback.ts';
import { refuseExposure } from './visitors.ts';

test('loopback names', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])
    assert.ok(isLoopback(host), host);
  for (const host of [
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.1',
    'backtest',
  ]) {
    assert.ok(!isLoopback(host), host);
  }
});

test('no start in production or in view of others, and the message says why', () => {
  assert.throws(() => refuseExposure('prod', '127.0.0.1'), /ROEHUB_ENV=prod.*no accounts/);
  assert.throws(() => refuseExposure('dev', '0.0.0.0'), /host 0\.0\.0\.0.*no accounts.*loopback/);
  assert.throws(() => refuseExposure('test', '::'), /host ::/);
  refuseExposure('dev', '127.0.0.1');
  refuseExposure('test', '::1');
});
