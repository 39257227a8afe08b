import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { asCurl, asRun, exportAddress, quoted } from './copies.ts';

test('a shell gives back what was quoted', () => {
  for (const text of ["it's", "''", 'a "b" $HOME `x` \\', 'line\nline', '^GSPC & co']) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' }), text);
  }
});

test('a request that was copied carries the spec as it was', () => {
  const spec = { name: "Bob's", rules: { long: 'close > "x"' } };
  const command = asCurl('http://127.0.0.1:8000', spec);
  const last = execFileSync('sh', ['-c', `set -- ${command}; shift $(($# - 1)); printf %s "$1"`], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(last), spec);
  assert.match(command, /^curl 'http:\/\/127\.0\.0\.1:8000\/api\/backtests\/jobs' /);
});

test('commands and addresses name the job and the variant', () => {
  assert.equal(asRun('abc', 7), 'backtest spec abc > spec.yaml && backtest run spec.yaml --variant 7');
  assert.equal(exportAddress('abc', 'top', 'csv'), '/api/backtests/jobs/abc/export?what=top&format=csv');
});
