#!/usr/bin/env node
// The entry. Our sources are TypeScript that Node runs directly, which an older Node cannot: then the Node that npm
// installed beside this program takes over. Plain JavaScript, because an old Node dies on a .ts file before any check.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Compiling our sources takes three quarters of what starting takes (200 of 290 ms): Node keeps what it made of them here,
// by their content, for this process and for all that it starts. Where it may not write it does without.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/backtest-jobs', import.meta.url));
module.enableCompileCache?.();

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 12)) {
  const { main } = await import('./src/cli.ts');
  for (const stream of [process.stdout, process.stderr]) stream.once('error', unread).on('error', () => {});
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = npmNode();
  if (node === null) {
    process.stderr.write(
      `backtest needs Node 24.12 or newer and this is ${process.version}; npm install brings one where npm has it for ` +
        `${process.platform} ${process.arch}, elsewhere install it from https://nodejs.org\n`,
    );
    process.exitCode = 1;
  } else {
    takeOver(node);
  }
}

/** A reader that has seen enough (| head) is no failure; but what runs long has things to stop, as at a SIGTERM. */
function unread() {
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
  process.kill(process.pid, 'SIGTERM');
}

/** The Node of the package node-<os>-<arch>, in this folder's node_modules or in one above it. */
function npmNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, 'node_modules', `node-${platform}-${process.arch}`, 'bin', name);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
}

/** Runs the same command on another Node and ends as it ends; until then its signals are passed on. */
function takeOver(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`backtest: ${node} does not run: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
