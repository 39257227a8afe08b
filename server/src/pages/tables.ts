// The tables of a report page: the best variants, months, trades, the rows of a report, and names beside values.

import { equityLine } from './charts.ts';
import { html, type Html } from './html.ts';
import type { ReportData, ReportPart, ReportRow } from './report-data.ts';
import {
  axisValue,
  countText,
  decimalText,
  columnHead,
  metricWords,
  minute,
  NONE,
  signed,
  tone,
  type Measured,
} from './words.ts';

const COLUMNS = ['total_return_pct', 'max_drawdown_pct', 'sharpe', 'profit_factor', 'num_trades', 'win_rate_pct'];

export function bestTable({ rows, parameters, primary_metric, kept }: ReportData): Html {
  if (rows.length === 0) return html`<p class="quiet">No variant made it into the ranking.</p>`;
  const varied = parameters.flatMap((name, at) => (isVaried(rows, at) ? [{ name, at }] : []));
  const fixed = parameters.flatMap((name, at) => {
    const value = rows[0]?.values[at] ?? null;
    return value === null || isVaried(rows, at) ? [] : [`${name} ${axisValue(value)}`];
  });
  const metrics = [primary_metric, ...COLUMNS.filter((id) => id !== primary_metric)];
  const isJudged = rows.some(({ unseen }) => unseen !== null);
  const isCut = kept === null || kept > rows.length;
  const told = [
    isCut
      ? `the first ${countText(rows.length)} of ${kept === null ? 'more' : countText(kept)}`
      : `${countText(kept)} kept`,
    ...(fixed.length > 0 ? [`all with ${fixed.join(', ')}`] : []),
  ];
  return html`<p class="quiet">${told.join(' · ')}</p>
    <div class="wide">
      <table class="numbers">
        <caption class="hidden">
          Best variants, by rank
        </caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            ${varied.map(({ name }) => html`<th scope="col">${name}</th>`)}
            ${metrics.map((id) => html`<th scope="col" class="${id === primary_metric ? 'ranked' : ''}">${columnHead(id)}</th>`)}
            ${
              isJudged
                ? html`<th scope="col">Unseen %</th>
                    <th scope="col">Its Sharpe</th>`
                : null
            }
            <th scope="col">Equity</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">${row.rank}</th>
                ${varied.map(({ at }) => html`<td>${axisValue(row.values[at] ?? null)}</td>`)}
                ${metrics.map((id) => metricCell(id, row.metrics[id], id === primary_metric))}
                ${isJudged ? html`${toned(row.unseen?.['total_return_pct'])}${metricCell('sharpe', row.unseen?.['sharpe'])}` : null}
                <td>${equityLine(row.equity_line)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

const isVaried = (rows: readonly ReportRow[], at: number): boolean =>
  rows.some(({ values }) => values[at] !== rows[0]?.values[at]);

function metricCell(id: string, value: Measured, ranked = false): Html {
  const { format, signed: hasSign } = metricWords(id);
  return html`<td class="${hasSign ? tone(value) : ''} ${ranked ? 'ranked' : ''}">${format(value)}</td>`;
}

const toned = (value: Measured, digits = 1): Html => html`<td class="${tone(value)}">${signed(value, digits)}</td>`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Years that are shown: the last ones. */
const MOST_YEARS = 60;

export function monthsTable({ months }: Pick<ReportPart, 'months'>): Html {
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))];
  const shown = years.slice(-MOST_YEARS);
  const byMonth = new Map(months.map((one) => [one.month, one]));
  const sizes = months.map(({ return_pct }) => Math.abs(return_pct)).sort((a, b) => a - b);
  const full = sizes[Math.floor(sizes.length * 0.95)] || 1;
  const cell = (year: string, at: number): Html => {
    const month = byMonth.get(`${year}-${String(at + 1).padStart(2, '0')}`)?.return_pct;
    if (month === undefined) return html`<td></td>`;
    const heat = 6 + Math.max(-6, Math.min(6, Math.round((month / full) * 6)));
    return html`<td class="h${heat}">${signed(month, 1)}</td>`;
  };
  const grown = (year: string, of: 'return_pct' | 'benchmark_pct'): number =>
    (months.reduce((growth, one) => growth * (one.month.startsWith(year) ? 1 + one[of] / 100 : 1), 1) - 1) * 100;
  return html`${shown.length < years.length ? html`<p class="quiet">The last ${shown.length} of ${years.length} years.</p>` : null}
    <div class="wide">
      <table class="numbers months">
        <caption class="hidden">
          Return of each month in percent
        </caption>
        <thead>
          <tr>
            <th scope="col">Year</th>
            ${MONTHS.map((name) => html`<th scope="col">${name}</th>`)}
            <th scope="col">Year %</th>
            <th scope="col">Held %</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (year) =>
              html`<tr>
                <th scope="row">${year}</th>
                ${MONTHS.map((_, at) => cell(year, at))} ${toned(grown(year, 'return_pct'))}
                <td>${signed(grown(year, 'benchmark_pct'), 1)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

const EXITS: Readonly<Record<string, string>> = { sl: 'stop', tp: 'target', trail: 'trail', max_bars: 'most bars' };

export function tradesTable({ trades, trades_total: total }: Pick<ReportPart, 'trades' | 'trades_total'>): Html {
  if (trades.length === 0) return html`<p class="quiet">It made no trades.</p>`;
  const cut = trades.length < total;
  const told = cut
    ? `The first ${countText(Math.ceil(trades.length / 2))} and the last ${countText(Math.floor(trades.length / 2))} of ${countText(total)}.`
    : `${countText(total)}, in order. Times are UTC.`;
  return html`<p class="quiet" data-trades="${trades.length}">${told}</p>
    <div class="wide">
      <table class="numbers">
        <caption class="hidden">
          Trades
        </caption>
        <thead>
          <tr>
            ${['#', 'Side', 'Entry', 'At', 'Exit', 'At', 'Return %', 'Net', 'Worst %', 'Best %', 'Ended by'].map(
              (name) => html`<th scope="col">${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${trades.map(
            (trade) =>
              html`<tr>
                <th scope="row">${trade.trade_id}</th>
                <td>${trade.direction}</td>
                <td>${minute(trade.entry_time)}</td>
                <td>${price(trade.entry_fill)}</td>
                <td>${minute(trade.exit_time)}</td>
                <td>${price(trade.exit_fill)}</td>
                ${toned(trade.return_pct, 2)}${toned(trade.net, 2)}
                <td>${signed(trade.mae_pct, 1)}</td>
                <td>${signed(trade.mfe_pct, 1)}</td>
                <td>${EXITS[trade.exit_reason] ?? trade.exit_reason.replaceAll('_', ' ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** Writes a price with decimals enough to tell it: 2 from 1 up, below as many as make four digits. */
function price(value: number): string {
  if (!(value > 0) || value >= 1) return decimalText(value, 2);
  return decimalText(value, Math.min(12, 3 - Math.floor(Math.log10(value))));
}

/** The rows of the report; searched and held out side by side where there is both. */
export function reportTable(searched: Pick<ReportPart, 'rows'>, unseen: Pick<ReportPart, 'rows'> | null): Html {
  const held = new Map(unseen?.rows.map(({ metric, value }) => [metric, value]));
  return html`<table class="pairs figures">
    <caption class="hidden">
      Report
    </caption>
    ${
      unseen
        ? html`<thead>
            <tr>
              <td></td>
              <th scope="col">Searched</th>
              <th scope="col">Unseen</th>
            </tr>
          </thead>`
        : null
    }
    <tbody>
      ${searched.rows.map(
        ({ metric, value, definition }) =>
          html`<tr>
            <th scope="row">${metric}${definition ? html`<small>${definition}</small>` : null}</th>
            <td>${minusOf(value)}</td>
            ${unseen ? html`<td>${minusOf(held.get(metric) ?? NONE)}</td>` : null}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Writes a value that the engine has formatted with the minus of the screen, and an instant to the minute. */
function minusOf(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? minute(value) : value.replace(/^-(?=\d|inf)/, '−');
}

export function pairsTable(caption: string, pairs: readonly (readonly [string, string])[]): Html {
  return html`<table class="pairs">
    <caption class="hidden">
      ${caption}
    </caption>
    <tbody>
      ${pairs.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
