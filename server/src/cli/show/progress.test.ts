import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProgress, progressText, type ShownProgress } from './progress.ts';

const at = (processed: number, more: Partial<ShownProgress> = {}): ShownProgress => ({
  stage: 'stage_a',
  processed,
  total: 1000,
  perSecond: 250,
  etaSeconds: (1000 - processed) / 250,
  ...more,
});

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

test('one line says stage, share, rate and time left', () => {
  assert.equal(
    progressText(at(500)),
    'stage_a 1/3     [############------------]   50%  500 of 1,000  250/s  2.0 s left',
  );
  assert.equal(
    progressText(at(1000, { stage: 'finalizing' })),
    'finalizing 3/3  [########################]  100%  1,000 of 1,000  250/s',
  );
  assert.match(progressText(at(0, { perSecond: null, etaSeconds: null })), /0%  0 of 1,000$/);
  assert.equal(progressText(at(1, { waiting: 'waiting for a worker since 7 s' })), 'waiting for a worker since 7 s');
  assert.match(progressText(at(0, { total: 0 })), / 0% /);
});

test('on a terminal one line is redrawn in place and fits', () => {
  const tty = screen(true);
  {
    using line = openProgress(tty);
    line.update(at(1));
    line.update(at(2));
    line.say('hello');
  }
  assert.ok(tty.written.every((text) => text.length < 60));
  assert.ok(!tty.written.join('').replace('hello\n', '').includes('\n'));
  assert.equal(tty.written.at(-1), '\r\x1b[2K');
});

test('a terminal without a size is taken for one of 80 columns', () => {
  const tty = { ...screen(true), columns: 0 };
  using line = openProgress(tty);
  line.update(at(1));
  assert.match(tty.written.join(''), /stage_a 1\/3 .* 1,000/);
  line.clear();
  assert.equal(tty.written.at(-1), '\r\x1b[2K');
});

test('elsewhere a plain line for each stage and every five seconds', () => {
  const file = screen(false);
  let now = 0;
  using line = openProgress(file, () => now);
  line.update(at(1));
  now = 4999;
  line.update(at(2));
  assert.equal(file.written.length, 1);
  now = 5000;
  line.update(at(3));
  line.update(at(4, { stage: 'stage_b' }));
  assert.equal(file.written.length, 3);
  assert.ok(file.written.every((text) => text.endsWith('\n') && !text.includes('\x1b')));
});
