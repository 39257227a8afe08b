// The verdict as the screen shows it: sign, word, sentence and drawing, then what was found and each question with its mark.

import type { Verdict } from '@backtest-jobs/engine';
import { LEVELS, QUESTIONS, type VerdictCheck } from '@backtest-jobs/engine/internal';
import { html, type Html } from './html.ts';
import { luckDrawing } from './luck-drawing.ts';
import type { ReportData, ReportVariant } from './report-data.ts';
import { LEVEL_SIGNS, MARK_SIGNS, sign } from './signs.ts';
import { variantText } from './variant-text.ts';
import { countText, metricWords, signed, tone, type Measured } from './words.ts';

/** Questions whose answers decide the level. */
const DECIDING: ReadonlySet<VerdictCheck['id']> = new Set(['luck', 'halves', 'holding', 'trades', 'years']);

export function verdictBand(data: ReportData): Html {
  const { verdict, unfinished, variant } = data;
  if (verdict === null) return noVerdict(unfinished);
  const { sign: name, tone: ofLevel } = LEVEL_SIGNS[verdict.luck];
  return html`<section class="verdict panel" aria-label="Verdict" data-luck-level="${verdict.luck}">
    <div class="said ${ofLevel}">
      <h2>${sign(name)} ${LEVELS[verdict.luck]}</h2>
      <p>${verdict.sentence}</p>
      ${luckDrawing(verdict, data.primary_metric)}
    </div>
    <div class="checked">
      ${variant && winner(data, verdict, variant)}
      <table class="checks">
        <caption class="hidden">
          What the verdict asks
        </caption>
        <tbody>
          ${(verdict.checks ?? []).map((check) => checkRow(check, verdict))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function noVerdict(unfinished: string | null): Html {
  const why =
    unfinished === null
      ? 'This result was made by a version that gave none.'
      : `The job is ${unfinished}: what follows is the best of what was scored until then.`;
  return html`<section class="verdict panel" aria-label="Verdict">
    <div class="said none">
      <h2>${sign('unknown')} No verdict</h2>
      <p>${why}</p>
    </div>
  </section>`;
}

/** For a page of one variant: which variant the verdict of its job is about. */
export function verdictStrip({ verdict, variant }: ReportData): Html | null {
  if (verdict === null || variant === null) return null;
  const { sign: name, tone: ofLevel } = LEVEL_SIGNS[verdict.luck];
  const about =
    variant.rank === 1
      ? 'The verdict of the job is about this variant.'
      : 'The verdict of the job is about its best variant, not about this one.';
  return html`<section class="strip ${ofLevel}" data-luck-level="${verdict.luck}" aria-label="Verdict">
    ${sign(name)} <strong>${LEVELS[verdict.luck]}</strong> <span>${about} ${verdict.sentence}</span>
  </section>`;
}

function winner({ parameters, unfinished }: ReportData, verdict: Verdict, variant: ReportVariant): Html {
  const { metrics, values } = variant;
  const of = unfinished === null ? `The best of ${countText(verdict.trials)}` : 'The best so far';
  const held = verdict.benchmark_return_pct ?? verdict.holding?.return_pct;
  return html`<div class="winner">
    <div class="name"><span class="quiet">${of}</span><strong>${variantText(parameters, values)}</strong></div>
    ${figure('total_return_pct', metrics['total_return_pct'])}
    ${held === undefined ? null : html`<div class="figure"><span>Buy and hold</span><b>${signed(held, 1)}%</b></div>`}
    ${['max_drawdown_pct', 'sharpe', 'num_trades'].map((id) => figure(id, metrics[id]))}
  </div>`;
}

/** Draws one figure under its name. */
export function figure(id: string, value: Measured): Html {
  const { name, unit, format, signed: hasSign } = metricWords(id);
  const text = format(value);
  return html`<div class="figure">
    <span>${name}</span> <b class="${hasSign ? tone(value) : ''}">${text}${/\d/.test(text) ? unit : ''}</b>
  </div>`;
}

function checkRow(check: VerdictCheck, verdict: Verdict): Html {
  const { id, mark, reason } = check;
  const { sign: name, tone: ofMark, words } = MARK_SIGNS[mark ?? 'none'];
  return html`<tr data-check="${id}" data-mark="${mark ?? 'none'}">
    <td class="${ofMark}">${sign(name, words)}</td>
    <th scope="row" class="${DECIDING.has(id) ? 'deciding' : ''}">${QUESTIONS[id] ?? id}</th>
    <td class="line ${ofMark}">${checkLine(check, verdict)}</td>
    <td>${sentence(reason)}</td>
  </tr>`;
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

interface Scale {
  readonly value: number;
  readonly ticks: readonly number[];
  readonly to: number;
}

/** A line with ticks where it matters and a dot where it is; dotted where nothing is known. */
function checkLine({ id, mark, value }: VerdictCheck, verdict: Verdict): Html {
  const scale = value === null || mark === null ? null : scaleOf(id, value, verdict);
  if (scale === null)
    return html`<svg viewBox="0 0 132 12" aria-hidden="true">
      <path class="${mark === null ? 'dotted' : 'track'}" d="M2 6H130" />
    </svg>`;
  const at = (one: number): number => 4 + Math.round(Math.max(0, Math.min(1, one / scale.to)) * 1240) / 10;
  return html`<svg viewBox="0 0 132 12" aria-hidden="true">
    <path class="track" d="M2 6H130" />
    ${scale.ticks.map((tick) => html`<path class="tick" d="M${at(tick)} 1V11" />`)}
    <path class="reach" d="M2 6H${at(scale.value)}" />
    <circle class="dot" cx="${at(scale.value)}" cy="6" r="3.5" />
  </svg>`;
}

const log = (one: number): number => Math.log10(1 + Math.max(0, one));

/** Returns null for answers that are no place on a line. */
function scaleOf(id: VerdictCheck['id'], value: number, verdict: Verdict): Scale | null {
  switch (id) {
    case 'luck':
      // Either p, or where there is none the deflated ratio.
      return { value, ticks: typeof verdict.permuted?.p === 'number' ? [0.05, 0.2] : [0.5, 0.95], to: 1 };
    case 'halves':
      return { value, ticks: [0.05, 0.5], to: 1 };
    case 'family':
      return { value, ticks: [0.05], to: 1 };
    case 'oos':
    case 'room':
    case 'idle':
      return { value, ticks: [0.5], to: 1 };
    case 'years': {
      const least = verdict.minimum_backtest_years;
      return least === null ? null : { value, ticks: [least], to: Math.max(value, least) * 1.1 };
    }
    case 'trades': {
      const least = verdict.flags.few_trades?.least ?? 30;
      return { value: log(value), ticks: [log(least)], to: log(Math.max(value, least) * 2) };
    }
    case 'holding': {
      const error = verdict.holding?.error_annual ?? 0;
      const size = Math.max(Math.abs(value), error, 0.01) * 1.2;
      return { value: value + size, ticks: [size], to: 2 * size };
    }
    case 'edge':
      return null;
  }
}
