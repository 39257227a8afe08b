import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '@backtest-jobs/engine';
import { specBody } from '../../test/api.ts';
import { openSurfaces, SurfaceTooSlow } from './surfaces.ts';

const values = (length: number) => ({ mode: 'range', start: 1, stop_incl: length, step: 1 });
const params = { a: values(1000), b: values(1000) };
const spec = parseSpec(specBody({}, { indicator_grids: undefined, rules: { long: 'close > a + b' }, params }));
const scores = new Float32Array(new SharedArrayBuffer(4e6));
for (let unit = 0; unit < scores.length; unit += 1) scores[unit] = unit % 1009;
const question = { key: 'k', scores, spec, query: { kind: 'summary', above: [0] } } as const;
/** A thread takes long to start on a machine with much to do. */
const PATIENT_MS = 600_000;
const going = new AbortController().signal;

test('a question that takes too long is ended, and the next one gets a thread of its own', async () => {
  await using surfaces = openSurfaces(1);
  await assert.rejects(surfaces.ask(question, going), SurfaceTooSlow);
  await using patient = openSurfaces(PATIENT_MS);
  const { json } = await patient.ask(question, going);
  assert.equal(JSON.parse(json).scores, 1e6);
});

test('a question whose asker has left is not worked on; one under way goes on', async () => {
  await using surfaces = openSurfaces(PATIENT_MS);
  const left = new AbortController();
  const under = [1, 2].map((number) => surfaces.ask({ ...question, key: `k${number}` }, left.signal));
  const skipped = surfaces.ask(question, left.signal);
  left.abort(new Error('left'));
  await assert.rejects(skipped, /left/);
  assert.equal((await Promise.all(under)).length, 2);
  await assert.rejects(surfaces.ask(question, left.signal), /left/);
  const wrong = { ...question, query: { kind: 'slice', x: 'c', y: null, how: 'max', hold: {} } } as const;
  await assert.rejects(surfaces.ask(wrong, going), /there are a, b/);
});

test('a sample that asks for more variants than there are has the scores of those there are', async () => {
  const few = { a: values(10), b: values(10) };
  const rules = { long: 'close > a + b' };
  const template = { indicator_grids: undefined, rules, params: few, constraints: ['a < b'] };
  const sampled = parseSpec(specBody({ sample: { n: 60, seed: 1 } }, template));
  const some = new Float32Array(new SharedArrayBuffer(4 * 60)).fill(NaN).fill(1, 0, 45);
  await using surfaces = openSurfaces(PATIENT_MS);
  const { json } = await surfaces.ask({ ...question, key: 's', scores: some, spec: sampled }, going);
  const { units, scores: scored } = JSON.parse(json);
  assert.deepEqual([units, scored], [45, 45]);
});
