// The proof as a table: of each row how often p was small, whether that is what it should be, and how the verdict judged.

import type { Outcome } from './measure-row.ts';
import type { Row } from './rows.ts';

/** What counts as found. */
const LEVEL = 0.05;
/** Part of the binomial distribution that lies outside of a band. */
const OUTSIDE = 0.01;

export interface Judged {
  readonly found: number;
  /** In which the share should be; null: it is told beside its band and may be anywhere. */
  readonly wanted: readonly [number, number] | null;
  readonly band: readonly [number, number];
  readonly holds: boolean;
}

/** Judges the outcomes of a row. */
export function judgeRow({ wanted }: Pick<Row, 'wanted'>, outcomes: readonly Outcome[]): Judged {
  const found = shareOf(outcomes, ({ p }) => p !== null && p <= LEVEL);
  const band = binomialBand(outcomes.length, LEVEL);
  if (wanted === 'told') return { found, wanted: null, band, holds: true };
  const range = wanted === 'band' ? band : ([wanted, 1] as const);
  return { found, wanted: range, band, holds: found >= range[0] && found <= range[1] };
}

function shareOf(outcomes: readonly Outcome[], holds: (outcome: Outcome) => boolean): number {
  return outcomes.filter(holds).length / outcomes.length;
}

/** Shares between which all but 1 % of the samples of a binomial distribution lie, half of it on each side. */
export function binomialBand(count: number, share: number): readonly [number, number] {
  const least = (tail: number): number => {
    let probability = (1 - share) ** count;
    let sum = probability;
    let successes = 0;
    while (sum < tail) {
      probability *= ((count - successes) / (successes + 1)) * (share / (1 - share));
      successes += 1;
      sum += probability;
    }
    return successes / count;
  };
  return [least(OUTSIDE / 2), least(1 - OUTSIDE / 2)];
}

/** Lines of a Markdown table with a header. */
export function tableOf(rows: readonly (readonly [Row, readonly Outcome[]])[]): string[] {
  return [
    '| series and grid | seeds | permutations | p <= 0.05 | should be | | *unlikely luck* | *likely luck* |',
    '| --- | --: | --: | --: | --: | --- | --: | --: |',
    ...rows.map(([row, outcomes]) => {
      const { found, wanted, band, holds } = judgeRow(row, outcomes);
      const should = wanted === null ? `(${rangeText(band)})` : rangeText(wanted);
      const cells = [row.name, String(outcomes.length), String(row.spec.luck?.permutations), found.toFixed(3), should];
      const levels = (['unlikely', 'likely'] as const).map((level) => shareOf(outcomes, ({ luck }) => luck === level));
      return `| ${[...cells, holds ? '' : '**no**', ...levels.map((share) => share.toFixed(3))].join(' | ')} |`;
    }),
  ];
}

function rangeText([least, most]: readonly [number, number]): string {
  return most === 1 ? `>= ${least}` : `${least.toFixed(3)} to ${most.toFixed(3)}`;
}
