import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentWords } from './agent.ts';

test('a program is named in two words', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  assert.equal(
    agentWords(`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/150.0.0.0 Safari/537.36`),
    'Chrome on Linux',
  );
  assert.equal(
    agentWords('Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604'),
    'Safari on iOS',
  );
  assert.equal(agentWords('curl/8.5.0'), 'curl/8.5.0');
  assert.equal(agentWords(null), 'a program that does not say its name');
});
