import assert from 'node:assert/strict';
import test from 'node:test';
import { limitsOf } from './limits.ts';

const CONFIGS = [
  { lease_seconds: 60, heartbeat_seconds: 15 },
  { lease_seconds: 3, heartbeat_seconds: 1 },
  { lease_seconds: 60, heartbeat_seconds: 20 },
  { lease_seconds: 86_400, heartbeat_seconds: 1 },
  { lease_seconds: 0.3, heartbeat_seconds: 0.1 },
];

test('no connection keeps a lock or an idle transaction for a quarter of a lease, and the server gives up first', () => {
  for (const jobs of CONFIGS) {
    const quarter = jobs.lease_seconds * 250;
    for (const [name, limits] of Object.entries(limitsOf(jobs))) {
      const said = `${name} of ${JSON.stringify(jobs)}: ${JSON.stringify(limits)}`;
      assert.ok(limits.lockTimeoutMs < quarter, said);
      assert.ok(limits.idleInTransactionMs < quarter, said);
      assert.ok(limits.statementTimeoutMs < limits.queryTimeoutMs, said);
      for (const limit of Object.values(limits)) assert.ok(Number.isInteger(limit) && limit > 0, said); // 0 is no limit
    }
    assert.ok(limitsOf(jobs).usual.queryTimeoutMs <= quarter);
    assert.ok(limitsOf(jobs).heartbeat.queryTimeoutMs < jobs.heartbeat_seconds * 1000);
  }
});
