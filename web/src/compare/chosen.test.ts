import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, compareAddress, nameOf, partsOf, readNames, toggle } from './chosen.ts';

const JOB = '01890a5d-ac96-774b-bcce-b302099a8057';

test('names are read from an address once each, at most eight', () => {
  const name = nameOf(JOB, 12);
  assert.deepEqual(readNames([name, name, 'x', `${JOB}.-1`, `${JOB}.3`]), [name, `${JOB}.3`]);
  assert.equal(readNames(Array.from({ length: 12 }, (_, at) => nameOf(JOB, at))).length, 8);
  assert.deepEqual(partsOf(name), { job_id: JOB, variant_index: 12 });
});

test('a ninth pushes the first out, and a second choice takes one back', () => {
  for (let at = 0; at < 9; at += 1) toggle(nameOf(JOB, at));
  assert.equal(chosen.get().length, 8);
  assert.equal(chosen.get()[0], nameOf(JOB, 1));
  toggle(nameOf(JOB, 5));
  assert.ok(!chosen.get().includes(nameOf(JOB, 5)));
  assert.match(compareAddress(chosen.get()), /^\/compare\?v=.+\.1,.+\.8$/);
});
