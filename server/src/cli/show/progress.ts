// Live progress on stderr: one line redrawn in place on a terminal; elsewhere a plain line when the stage changes and
// every few seconds, so that a log stays readable.

import { STAGES } from '@backtest-jobs/engine/internal';
import { count, cut, seconds } from './table.ts';

export interface ShownProgress {
  /** null while nothing is scored yet. */
  readonly stage: string | null;
  readonly processed: number;
  readonly total: number;
  readonly perSecond: number | null;
  readonly etaSeconds: number | null;
  /** Said instead of the numbers: why nothing moves. */
  readonly waiting?: string | null;
}

const BAR = 24;

/** Formats one line of progress: the bar is the whole job, the stage is one of three. */
export function progressText(progress: ShownProgress): string {
  if (progress.waiting) return progress.waiting;
  const { stage, processed, total, perSecond, etaSeconds } = progress;
  const place = STAGES.findIndex((name) => name === stage) + 1;
  return [
    place === 0 ? 'starting       ' : `${stage} ${place}/${STAGES.length}`.padEnd(14),
    ...barOf(total > 0 ? processed / total : 0),
    `${count(processed)} of ${count(total)}`,
    ...(perSecond === null || perSecond <= 0 ? [] : [`${count(perSecond)}/s`]),
    ...(etaSeconds === null || processed >= total ? [] : [`${seconds(etaSeconds)} left`]),
  ].join('  ');
}

/** A bar and its percentage. */
export function barOf(done: number): readonly [string, string] {
  const share = Math.min(1, Math.max(0, done));
  const full = Math.floor(share * BAR);
  return [`[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`, `${Math.floor(share * 100)}%`.padStart(4)];
}

export interface ProgressLine extends Disposable {
  update(progress: ShownProgress): void;
  /** The next update draws it again. */
  clear(): void;
  /** A line that stays. */
  say(text: string): void;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const QUIET_MS = 5000;

export function openProgress(screen: Screen = process.stderr, now?: () => number): ProgressLine {
  const line = openLine(screen, now);
  return {
    update: (progress) => line.show(progressText(progress), progress.waiting ? 'waiting' : progress.stage),
    clear: () => line.clear(),
    say: (text) => line.say(text),
    [Symbol.dispose]: () => line[Symbol.dispose](),
  };
}

export interface Line extends Disposable {
  /** Elsewhere than on a terminal a text of the same kind as the last one is said every few seconds only. */
  show(text: string, kind: string | null): void;
  /** Takes the line off the terminal, before somebody else writes there. */
  clear(): void;
  /** A line that stays. */
  say(text: string): void;
}

/** One line that changes, whatever it says. */
export function openLine(screen: Screen = process.stderr, now: () => number = () => performance.now()): Line {
  const live = screen.isTTY === true;
  const clear = (): void => {
    if (live) screen.write('\r\x1b[2K');
  };
  let saidAt = Number.NEGATIVE_INFINITY;
  let saidKind: string | null | undefined;
  return {
    show(text, kind) {
      if (live) {
        clear();
        screen.write(cut(text, (screen.columns || 80) - 1)); // a terminal that does not know its size says 0
        return;
      }
      if (kind === saidKind && now() - saidAt < QUIET_MS) return;
      saidAt = now();
      saidKind = kind;
      screen.write(`${text}\n`);
    },
    say(text) {
      clear();
      screen.write(`${text}\n`);
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
