// The child process behind `importer.ts`: reads one file after the other, and dies with its parent. It stands in the folder of
// the file, so that errors name the file as its owner does and no path of this machine.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { importCandles } from '../candles/import.ts';
import { crashPoint } from '../config/crash.ts';
import { messageOf } from '../message.ts';
import { openChanged } from './changed.ts';
import type { ImportAnswer, ImportQuestion, Imported } from './importer.ts';

async function imported({ wish, store, calendar, folder, file, how }: ImportQuestion): Promise<Imported> {
  process.chdir(folder);
  const changed = openChanged();
  const report = await importCandles({
    ...wish,
    file,
    folder: store,
    calendar,
    dryRun: how === 'judge',
    keepOld: how === 'add',
    onChanged: changed.add,
  });
  crashPoint(`import ${how}`);
  return { report, changed: changed.ranges() };
}

/** Names fields where the words are those of the command line. */
function inFields({ path, code, message }: Problem): Problem {
  const fields = message.replaceAll(/--([a-z]+(?:-[a-z]+)*)/g, (_, option: string) => option.replaceAll('-', '_'));
  return { path, code, message: fields };
}

async function answer(question: ImportQuestion): Promise<void> {
  const found = await imported(question).catch((error: unknown): ImportAnswer =>
    error instanceof SpecError ? { problems: error.problems.map(inFields) } : { error: messageOf(error) },
  );
  process.chdir('/'); // the folder may go
  process.send?.(found);
}

process.on('message', (question: ImportQuestion) => void answer(question));
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
