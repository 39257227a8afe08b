// What the demo says when its job is done: the best, the report of the best, how far to believe it, where to go next.

import type { JobView } from '../client.ts';
import { INVOCATION } from '../command.ts';
import type { TopLine, TopPage, TradeLine } from '../top.ts';
import { ledgerText } from './ledger.ts';
import { monteCarloLines } from './monte-carlo.ts';
import { count, seconds, table } from './table.ts';
import { reportLines, variantTable } from './variants.ts';
import { verdictLines } from './verdict.ts';

export interface DemoFacts {
  readonly job: JobView;
  readonly top: TopPage;
  /** From the first step to here. */
  readonly seconds: number;
}

export function demoStory({ job, top, seconds: total }: DemoFacts): string[] {
  const [best] = top.items;
  const listed = variantTable(top.items);
  return [
    '',
    'The ten best',
    ...table(listed.columns, listed.rows),
    ...(best === undefined ? [] : bestLines(best)),
    ...(job.verdict ? ['', 'How far to believe it', ...verdictLines(job.verdict)] : []),
    '',
    ...(job.ledger ? [ledgerText(job.ledger)] : []),
    `${count(simulationsOf(job))} simulations of 20 years in ${jobSeconds(job)}; the whole demo took ${seconds(total)}.`,
    '',
    'Where next',
    '  npm start                              keeps the stack running; then, in another terminal:',
    `  http://127.0.0.1:8000/jobs/${job.job_id}`,
    '                                         this job on the screen (npm start says so when 8000 is taken)',
    '  http://127.0.0.1:8000/docs/api         the HTTP API, described',
    `  ${INVOCATION} top ${job.job_id} --report 2`,
    `  ${INVOCATION} submit server/demo/spec.yaml --watch`,
    `  ${INVOCATION} --help           all commands`,
    '  docs/runbooks/backtest-job-runner.md   how to run it for real',
    '',
  ];
}

function bestLines({ report_table_md: report, trades, metrics, monte_carlo }: TopLine): string[] {
  return [
    ...(typeof report === 'string'
      ? ['', 'Report of the best', ...reportLines(report, metrics), ...monteCarloLines(monte_carlo)]
      : []),
    ...(trades?.length ? ['', 'Its first and last trades', ...tradeLines(trades)] : []),
  ];
}

const SHOWN = 3;

function tradeLines(trades: readonly TradeLine[]): string[] {
  const shown = trades.length <= 2 * SHOWN ? trades : [...trades.slice(0, SHOWN), ...trades.slice(-SHOWN)];
  const rows = shown.map((trade) => [
    trade.direction,
    day(trade.entry_time),
    day(trade.exit_time),
    `${trade.return_pct.toFixed(2)}%`,
    trade.exit_reason,
  ]);
  const columns = [
    { title: 'side' },
    { title: 'in' },
    { title: 'out' },
    { title: 'return', align: 'right' },
    { title: 'left by' },
  ] as const;
  return table(columns, rows);
}

const day = (time: string): string => time.slice(0, 10);

/** Variants scored on the real market: the units of a job count those of the luck test, too. */
function simulationsOf({ verdict, total_units }: JobView): number {
  return verdict?.trials ?? total_units;
}

function jobSeconds(job: JobView): string {
  const { started_at, finished_at } = job;
  if (started_at === null || finished_at === null) return 'an unknown time';
  const took = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
  return `${seconds(took)} (${count(simulationsOf(job) / Math.max(took, 1e-3))} a second)`;
}
