import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromCaller, homeOf, PROJECT } from './paths.ts';

test('below npm run a path is relative to where npm was called', () => {
  const npm = { INIT_CWD: '/home/me/specs', npm_package_json: '/project/package.json' };
  assert.equal(fromCaller('a.yaml', npm, '/project'), '/home/me/specs/a.yaml');
  assert.equal(fromCaller('/abs/a.yaml', npm, '/project'), '/abs/a.yaml');
});

test('variables inherited from an npm script further up do not count', () => {
  const npm = { INIT_CWD: '/home/me/specs', npm_package_json: '/project/package.json' };
  assert.equal(fromCaller('a.yaml', npm, '/elsewhere'), '/elsewhere/a.yaml');
  assert.equal(fromCaller('a.yaml', {}, '/elsewhere'), '/elsewhere/a.yaml');
});

test('the data directory is in the project unless BACKTEST_HOME says otherwise', () => {
  assert.equal(homeOf({}), `${PROJECT}/.backtest`);
  assert.equal(homeOf({ BACKTEST_HOME: '/srv/backtest' }), '/srv/backtest');
});
