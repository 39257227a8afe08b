// Equity and drawdown as drawings, large for one variant and small for a row of the table.

import { html, type Html } from './html.ts';
import { ticksOf } from './luck-drawing.ts';
import type { ReportPart } from './report-data.ts';
import { decimalText, NONE } from './words.ts';

const WIDTH = 900;
const LEFT = 92;
const RIGHT = 872;
const EQUITY = { top: 14, bottom: 230 };
const FALL = { top: 250, bottom: 330 };

type Series = ReportPart['series'];

/** Draws equity beside buy and hold, and below it how far it hangs under its peak. */
export function equityChart({ time, equity, drawdown, benchmark }: Series): Html {
  const [first = 0] = time;
  const last = time.at(-1) ?? first;
  if (time.length < 2 || last <= first) return html`<p class="quiet">There is too little to draw.</p>`;
  const known = [...equity, ...benchmark].filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const logarithmic = low > 0 && high / low > 8;
  const height = (value: number): number => (logarithmic ? Math.log(value) : value);
  const x = (at: number): number => place((at - first) / (last - first), LEFT, RIGHT);
  const range = height(high) - height(low) || 1;
  const y = (value: number): number => place((height(value) - height(low)) / range, EQUITY.bottom, EQUITY.top);
  const deepest = Math.max(1, ...drawdown.filter(Number.isFinite));
  const fall = (value: number): number => place(value / deepest, FALL.top, FALL.bottom);
  const hanging = drawdown.map((value, at) => `${x(time[at] ?? first)} ${fall(value)}`).join('L');
  const values = logarithmic ? powersOf(low, high) : ticksOf(low, high);
  return html`<svg
      class="chart"
      viewBox="0 0 ${WIDTH} 356"
      role="img"
      aria-label="Equity and buy and hold${logarithmic ? ' on a logarithmic scale' : ''}, and below them the drawdown in percent"
    >
      ${values.map(
        (tick) =>
          html`<path class="grid" d="M${LEFT} ${y(tick)}H${RIGHT}" />
            <text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${decimalText(tick, tick < 10 ? 2 : 0)}</text>`,
      )}
      ${timeTicks(first, last).map(
        ({ at, text }) =>
          html`<path class="grid" d="M${x(at)} ${EQUITY.top}V${FALL.bottom}" />
            <text x="${x(at)}" y="${FALL.bottom + 18}" text-anchor="middle">${text}</text>`,
      )}
      <path class="held" d="M${lineOf(benchmark, time, x, y)}" />
      <path class="equity" d="M${lineOf(equity, time, x, y)}" />
      <path class="fall" d="M${x(first)} ${FALL.top}L${hanging}L${x(last)} ${FALL.top}Z" />
      <path class="axis" d="M${LEFT} ${FALL.top}H${RIGHT}" />
      <text x="${LEFT - 8}" y="${FALL.top + 4}" text-anchor="end">0%</text>
      <text x="${LEFT - 8}" y="${FALL.bottom + 2}" text-anchor="end">${decimalText(-deepest, 1)}%</text>
    </svg>
    <p class="legend">
      <span><i class="key own"></i>equity, quote</span><span><i class="key held"></i>buy and hold</span>
      <span><i class="key fall"></i>drawdown</span>${logarithmic ? html`<span>logarithmic scale</span>` : null}
    </p>`;
}

type Place = (value: number) => number;

function lineOf(values: readonly number[], time: readonly number[], x: Place, y: Place): string {
  return values
    .flatMap((value, at) => (Number.isFinite(y(value)) ? [`${x(time[at] ?? 0)} ${y(value)}`] : []))
    .join('L');
}

function powersOf(low: number, high: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10)
    ticks.push(...[1, 2, 5].map((one) => one * power).filter((one) => one >= low && one <= high));
  return ticks;
}

const YEAR = 365.25 * 86_400_000;
const MONTH = YEAR / 12;

/** Returns the beginnings of years, months or days, at most a dozen. */
function timeTicks(first: number, last: number): readonly { at: number; text: string }[] {
  const range = last - first;
  const steps = [...[1, 2, 5, 10, 20, 50].map((one) => one * YEAR), ...[1, 3].map((one) => one * MONTH)];
  const step = steps.sort((a, b) => a - b).find((one) => range / one <= 10 && range / one >= 1);
  if (step === undefined)
    return [first, last].map((at, end) => ({
      at: end === 0 ? at + range * 0.04 : at - range * 0.04,
      text: iso(at, 10),
    }));
  const months = Math.round(step / MONTH);
  const begin = new Date(first);
  const ticks: { at: number; text: string }[] = [];
  let number = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth() + 1) / months) * months;
  for (; ticks.length < 14; number += months) {
    const at = Date.UTC(Math.floor(number / 12), number % 12);
    if (at > last) return ticks;
    ticks.push({ at, text: iso(at, months % 12 === 0 ? 4 : 7) });
  }
  return ticks;
}

const iso = (at: number, digits: number): string => new Date(at).toISOString().slice(0, digits);

/** Draws the line of a row. */
export function equityLine(line: readonly number[] | null): Html {
  if (line === null || line.length < 2) return html`${NONE}`;
  const [low, high] = [Math.min(...line), Math.max(...line)];
  const range = high - low || 1;
  const points = line.map(
    (value, at) => `${place(at / (line.length - 1), 1, 79)} ${place((value - low) / range, 17, 1)}`,
  );
  return html`<svg class="small-line" viewBox="0 0 80 18" aria-hidden="true"><path d="M${points.join('L')}" /></svg>`;
}

function place(share: number, from: number, to: number): number {
  return Math.round((from + share * (to - from)) * 10) / 10;
}
