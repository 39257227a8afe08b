// The command line from the start of its process to the end, as its parent measures it. After what the command prints
// comes a line with the most memory the process had.

import { main } from '../server/src/cli.ts';
import { peakRss } from './line.ts';

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2));
  process.stdout.write(`${peakRss()}\n`);
}
