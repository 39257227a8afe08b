import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestHash, requestJson } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';
import { specFromRequest, storedRequest } from './stored-request.ts';

const SPEC = parseSpec(specInput());

test('a stored request comes back as the spec, and its version is no part of its hash', () => {
  const { name, priority } = SPEC;
  const stored = JSON.parse(JSON.stringify(storedRequest(SPEC)));
  assert.equal(stored.spec_version, 1);
  const again = specFromRequest({ ...stored, name, priority });
  assert.deepEqual(again, SPEC);
  assert.equal(requestHash(again), requestHash(SPEC));
});

test('a request without a version is completed with what it meant', () => {
  const { validation: _, ...older } = requestJson(SPEC);
  assert.equal(specFromRequest({ ...older, warmup_bars: 77 }).validation, null);
  assert.equal(specFromRequest({ ...older, warmup_bars: 77 }).warmup_bars, 77);
  const validation = { mode: 'holdout', fraction: 0.3 };
  assert.deepEqual(specFromRequest({ ...older, validation }).validation, validation);
});

test('a request of a newer version is not read', () => {
  assert.throws(() => specFromRequest({ ...storedRequest(SPEC), spec_version: 99 }), /spec_version 99.*up to 1/);
});
