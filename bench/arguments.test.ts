import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from './arguments.ts';

test('arguments of npm run bench', () => {
  assert.equal(readArguments([])?.groups.length, 11);
  assert.deepEqual(readArguments(['w1', 'peers', '--markdown']), {
    groups: ['w1', 'peers'],
    markdown: true,
    json: null,
  });
  assert.equal(readArguments(['--json'])?.json, '');
  assert.equal(readArguments(['--json=out.json'])?.json, 'out.json');
  assert.deepEqual(readArguments(['--json', 'out.json', 'w2']), { groups: ['w2'], markdown: false, json: 'out.json' });
  assert.equal(readArguments(['w9']), null);
});
