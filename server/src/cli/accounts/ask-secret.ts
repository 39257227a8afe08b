// Secrets come from a prompt that shows nothing, or from stdin where that is no terminal; never from the command line, which
// other users of the machine can read.

import type { ReadStream } from 'node:tty';
import { isPassword, PASSWORD_RULE } from '../../accounts/password.ts';
import { INTERRUPTED } from '../../stop.ts';
import { UsageError } from '../command.ts';

const MOST_CHARACTERS = 10_000;

/** Asks for a secret; without a terminal it is the first line of stdin. */
export async function askSecret(prompt: string): Promise<string> {
  return process.stdin.isTTY ? typed(prompt, process.stdin) : firstLine();
}

/** Asks for a password to be chosen, on a terminal twice. */
export async function askNewPassword(name: string): Promise<string> {
  const password = await askSecret(`Password for ${name}: `);
  if (!isPassword(password)) throw new UsageError(`the password ${PASSWORD_RULE}`);
  if (process.stdin.isTTY && (await askSecret('Once more: ')) !== password)
    throw new UsageError('the two passwords differ: try again');
  return password;
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_CHARACTERS) throw new UsageError('stdin has no password: its first line is too long');
  }
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw new UsageError('there is no password on stdin: give it as the first line');
  return line;
}

function typed(prompt: string, terminal: ReadStream): Promise<string> {
  terminal.setRawMode(true).setEncoding('utf8').resume(); // first: who answers the prompt at once must not be shown either
  process.stderr.write(prompt);
  const letters: string[] = [];
  return new Promise((resolve) => {
    const end = (): void => {
      terminal.off('data', read).setRawMode(false).pause();
      process.stderr.write('\n');
    };
    const read = (text: Buffer | string): void => {
      for (const letter of String(text)) {
        if (letter === '\r' || letter === '\n' || letter === '\u0004') {
          end();
          resolve(letters.join(''));
          return;
        }
        if (letter === '\u0003') {
          end();
          process.exit(INTERRUPTED);
        }
        if (letter === '\u007f' || letter === '\b') letters.pop();
        else if (letters.length < MOST_CHARACTERS) letters.push(letter);
      }
    };
    terminal.on('data', read);
  });
}
