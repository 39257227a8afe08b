import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testConfig } from '../../test/api.ts';
import { parseConfig } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';
import { requireHosts } from './visitors.ts';

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

test('no start beyond this machine without the names of the server, and the message has the setting', () => {
  assert.throws(() => requireHosts('0.0.0.0', testConfig()), /host 0\.0\.0\.0: .*backtest\.api\.allowed_hosts/);
  assert.throws(() => requireHosts('::', testConfig()), /host ::/);
  requireHosts('127.0.0.1', testConfig());
  requireHosts('::1', testConfig());
  requireHosts('0.0.0.0', parseConfig('version: 1\nbacktest: { api: { allowed_hosts: [backtest.example] } }'));
});
