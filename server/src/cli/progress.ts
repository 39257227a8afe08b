// Live progress on stderr: one line redrawn in place on a terminal; elsewhere a plain line when the stage changes and
// every few seconds, so that a log stays readable.
import { count, cut, seconds } from './table.ts';

export interface Progress {
  /** null while nothing is scored yet. */
  readonly stage: string | null;
  readonly processed: number;
  readonly total: number;
  readonly perSecond: number | null;
  readonly etaSeconds: number | null;
  /** Said instead of the numbers: why nothing moves. */
  readonly waiting?: string | null;
}

const STAGES = ['stage_a', 'stage_b', 'finalizing'];
const BAR = 24;

/** One line of progress; the bar is the whole job, the stage says which of the three it is in. */
export function progressText(progress: Progress): string {
  if (progress.waiting) return progress.waiting;
  const { stage, processed, total, perSecond, etaSeconds } = progress;
  const place = STAGES.indexOf(stage ?? '') + 1;
  const share = total > 0 ? Math.min(1, processed / total) : 0;
  const full = Math.floor(share * BAR);
  return [
    place === 0 ? 'starting       ' : `${stage} ${place}/3`.padEnd(14),
    `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`,
    `${Math.floor(share * 100)}%`.padStart(4),
    `${count(processed)} of ${count(total)}`,
    ...(perSecond === null || perSecond <= 0 ? [] : [`${count(perSecond)}/s`]),
    ...(etaSeconds === null || processed >= total ? [] : [`${seconds(etaSeconds)} left`]),
  ].join('  ');
}

export interface ProgressLine extends Disposable {
  update(progress: Progress): void;
  /** Takes the line off the terminal, before somebody else writes there; the next update draws it again. */
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

export function openProgress(
  screen: Screen = process.stderr,
  now: () => number = () => performance.now(),
): ProgressLine {
  const live = screen.isTTY === true;
  const clear = (): void => {
    if (live) screen.write('\r\x1b[2K');
  };
  let saidAt = Number.NEGATIVE_INFINITY;
  let saidStage: string | null | undefined;
  return {
    update(progress) {
      const text = progressText(progress);
      if (live) {
        clear();
        screen.write(cut(text, (screen.columns || 80) - 1)); // a terminal that does not know its size says 0
        return;
      }
      const stage = progress.waiting ? 'waiting' : progress.stage;
      if (stage === saidStage && now() - saidAt < QUIET_MS) return;
      saidAt = now();
      saidStage = stage;
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
