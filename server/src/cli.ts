// The command line: finds the command, runs it, and turns whatever it throws into a message on stderr and an exit code:
// 0 ok, 1 failure, 2 bad input. Commands are loaded when they are asked for, so that one of them pays for no other.

import { SpecError } from '@backtest-jobs/engine';
import { nearest } from '@backtest-jobs/engine/internal';
import { helpOf, INVOCATION, UsageError, type AnyCommand } from './cli/command.ts';
import { harmless } from './cli/show/table.ts';
import { SettingsError } from './config/settings.ts';
import { messageOf } from './message.ts';

interface Entry {
  readonly about: string;
  readonly load: () => Promise<AnyCommand>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  demo: {
    about: 'the whole thing once, on twenty years of the S&P 500',
    load: async () => (await import('./cli/demo.ts')).demo,
  },
  up: {
    about: 'database, API and worker on this machine, until Ctrl-C',
    load: async () => (await import('./cli/up.ts')).up,
  },
  run: { about: 'search a spec right here: no database, no API', load: async () => (await import('./cli/run.ts')).run },
  estimate: {
    about: 'what a spec would cost, and whether there is history enough for it',
    load: async () => (await import('./cli/estimate.ts')).estimate,
  },
  submit: { about: 'submit a spec as a job', load: async () => (await import('./cli/submit.ts')).submit },
  jobs: { about: 'list your jobs', load: async () => (await import('./cli/jobs.ts')).jobs },
  watch: { about: 'follow a job to its end', load: async () => (await import('./cli/watch.ts')).watch },
  top: { about: 'the best variants of a job', load: async () => (await import('./cli/top.ts')).top },
  spec: { about: 'the spec of a job, to be submitted again', load: async () => (await import('./cli/spec.ts')).spec },
  export: {
    about: 'what a job found, as CSV, NDJSON or Parquet',
    load: async () => (await import('./cli/export.ts')).exportJob,
  },
  report: {
    about: 'a job, or one variant of it, as a page to share',
    load: async () => (await import('./cli/report.ts')).report,
  },
  cancel: { about: 'cancel a job', load: async () => (await import('./cli/cancel.ts')).cancel },
  delete: { about: 'delete a job that has ended', load: async () => (await import('./cli/delete.ts')).deleteJob },
  'strategies save': {
    about: 'keep the template of a spec under a name',
    load: async () => (await import('./cli/strategies.ts')).strategiesSave,
  },
  'strategies list': {
    about: 'list your saved strategies',
    load: async () => (await import('./cli/strategies.ts')).strategiesList,
  },
  'strategies delete': {
    about: 'delete a saved strategy',
    load: async () => (await import('./cli/strategies.ts')).strategiesDelete,
  },
  'candles import': {
    about: 'load candles from a file, an archive or an exchange',
    load: async () => (await import('./cli/candles-import.ts')).candlesImport,
  },
  'candles list': {
    about: 'which candles there are',
    load: async () => (await import('./cli/candles.ts')).candlesList,
  },
  'candles check': {
    about: 'which candles are missing, which jump like splits',
    load: async () => (await import('./cli/candles.ts')).candlesCheck,
  },
  'candles export': {
    about: 'write candles to a file',
    load: async () => (await import('./cli/candles-change.ts')).candlesExport,
  },
  'candles rename': {
    about: 'give candles another symbol or market',
    load: async () => (await import('./cli/candles-change.ts')).candlesRename,
  },
  'candles delete': {
    about: 'delete candles',
    load: async () => (await import('./cli/candles-change.ts')).candlesDelete,
  },
  'user add': { about: 'add an account', load: async () => (await import('./cli/accounts/user.ts')).userAdd },
  'user list': { about: 'list the accounts', load: async () => (await import('./cli/accounts/user.ts')).userList },
  'user disable': {
    about: 'keep an account out',
    load: async () => (await import('./cli/accounts/user.ts')).userDisable,
  },
  'user enable': {
    about: 'let an account in again',
    load: async () => (await import('./cli/accounts/user.ts')).userEnable,
  },
  'user password': {
    about: 'set a password, or print a code that does',
    load: async () => (await import('./cli/accounts/user.ts')).userPassword,
  },
  login: { about: 'sign in at an API', load: async () => (await import('./cli/accounts/login.ts')).login },
  logout: { about: 'end that session', load: async () => (await import('./cli/accounts/login.ts')).logout },
  'token create': {
    about: 'create a token for a program',
    load: async () => (await import('./cli/accounts/tokens.ts')).tokenCreate,
  },
  'token list': { about: 'list your tokens', load: async () => (await import('./cli/accounts/tokens.ts')).tokenList },
  'token revoke': { about: 'revoke a token', load: async () => (await import('./cli/accounts/tokens.ts')).tokenRevoke },
  mcp: {
    about: 'lets agents use the API as tools (Model Context Protocol)',
    load: async () => (await import('./cli/mcp.ts')).mcp,
  },
  psql: {
    about: 'a prompt on the database, or its DSN',
    load: async () => (await import('./cli/psql.ts')).psql,
  },
  down: { about: 'stop the embedded PostgreSQL', load: async () => (await import('./cli/down.ts')).down },
  migrate: {
    about: 'bring the database schema up to date',
    load: async () => (await import('./cli/migrate.ts')).migrate,
  },
  api: { about: 'serve the HTTP API', load: async () => (await import('./cli/api.ts')).api },
  worker: { about: 'claim and run jobs', load: async () => (await import('./cli/worker.ts')).worker },
};

/** Where help and errors go; results of commands are printed to stdout by themselves. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const TERMINAL: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/** Runs one command line; answers with the exit code. */
export async function main(argv: readonly string[], terminal = TERMINAL): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    terminal.err(harmless(explain(error), '\n\t'));
    return exitCodeOf(error);
  }
}

async function dispatch(argv: readonly string[], { out }: Terminal): Promise<number> {
  const [first] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const asked = first === 'help' ? argv.slice(1) : [];
    const about = find(asked);
    if (about === null && asked.length > 0) throw unknownCommand(asked);
    out(about === null ? overview() : helpOf(await about.entry.load()));
    return first === undefined ? 2 : 0;
  }
  const found = find(argv);
  if (found === null && (argv[1] === '--help' || argv[1] === '-h') && familyOf(first).length > 0) {
    out(overview(familyOf(first)));
    return 0;
  }
  if (found === null) throw unknownCommand(argv);
  const command = await found.entry.load();
  if (found.rest.includes('--help') || found.rest.includes('-h')) {
    out(helpOf(command));
    return 0;
  }
  return command.start(found.rest);
}

/** The command of one word or two at the beginning, and the words after it. */
function find(argv: readonly string[]): { entry: Entry; rest: readonly string[] } | null {
  for (const words of [1, 2]) {
    const name = argv.slice(0, words).join(' ');
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (entry !== undefined) return { entry, rest: argv.slice(words) };
  }
  return null;
}

/** Commands of two words that begin with this one. */
function familyOf(first: string): readonly string[] {
  return Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
}

function unknownCommand([first = '', second = '']: readonly string[]): UsageError {
  const names = Object.keys(COMMANDS);
  const family = familyOf(first);
  if (family.length > 0) return new UsageError(`${first} needs one of: ${family.join(', ')}`);
  const near = nearest(first, names) ?? nearest(`${first} ${second}`, names);
  const hint = near === undefined ? `${INVOCATION} --help lists them` : `did you mean ${near}?`;
  return new UsageError(`unknown command "${first}", ${hint}`);
}

function overview(shown: readonly string[] = Object.keys(COMMANDS)): string {
  const width = Math.max(...shown.map((name) => name.length));
  return [
    'backtest finds the best parameters of a trading strategy, as durable jobs',
    '',
    `  ${INVOCATION} COMMAND [options]`,
    '',
    ...shown.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]?.about}`),
    '',
    `  ${INVOCATION} COMMAND --help  has the options and examples of each`,
    '',
    'Exit codes: 0 ok, 1 failure, 2 bad input, 130 stopped by Ctrl-C.',
    '',
  ].join('\n');
}

function exitCodeOf(error: unknown): number {
  return error instanceof UsageError || error instanceof SpecError ? 2 : 1;
}

/** What went wrong, every problem with its path; a stack only for what is a bug. */
function explain(error: unknown): string {
  if (error instanceof SpecError) {
    const lines = error.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    return lines.map((line) => `backtest: ${line}\n`).join('');
  }
  if (error instanceof SettingsError) return error.problems.map((problem) => `backtest: ${problem}\n`).join('');
  if (!(error instanceof Error)) return `backtest: ${String(error)}\n`;
  const bug = ['TypeError', 'RangeError', 'ReferenceError', 'AssertionError'].includes(error.name);
  return `backtest: ${bug ? (error.stack ?? error.message) : messageOf(error)}\n`;
}
