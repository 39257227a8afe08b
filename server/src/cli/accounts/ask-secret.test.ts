import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('./ask-secret.ts', import.meta.url).href;
const ASK = `import('${MODULE}').then((one) => one.askSecret('Secret: ')).then((text) => console.log('got ' + text.length))`;

test('a secret that is typed is never shown, not even by who answers at once', async (t) => {
  if (spawnSync('script', ['--version']).status !== 0) {
    t.skip('script (util-linux) is not installed, which lends a terminal');
    return;
  }
  const command = `'${process.execPath}' -e "${ASK}"`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  child.stdout.on('data', (text: Buffer) => {
    if (!shown.includes('Secret: ') && `${shown}${text.toString()}`.includes('Secret: '))
      child.stdin.write('hunter3\u007f2 and more\r');
    shown += text.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.match(shown, /got 16/); // one letter was taken back
  assert.doesNotMatch(shown, /hunter/);
});

test('without a terminal it is the first line of stdin', () => {
  const ask = (input: string) => spawnSync(process.execPath, ['-e', ASK], { input, encoding: 'utf8' });
  assert.equal(ask('correct horse\r\nmore\n').stdout.trim(), 'got 13');
  assert.match(ask('\n').stderr, /no password on stdin/);
});
