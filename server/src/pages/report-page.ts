// One search or one variant as one HTML file that needs nothing else: no script, no request, readable in ten years. A pure
// function of plain JSON; all lists are bounded, so that the file can be sent by mail.

import { equityChart } from './charts.ts';
import { candlesTable, unseenTable } from './facts.ts';
import { dataBlock, Html, html } from './html.ts';
import type { ReportData, ReportPart, ReportVariant } from './report-data.ts';
import { STYLES } from './styles.ts';
import { bestTable, monthsTable, pairsTable, reportTable, tradesTable } from './tables.ts';
import { variantText } from './variant-text.ts';
import { figure, verdictBand, verdictStrip } from './verdict-band.ts';
import { countText, decimalText, signed } from './words.ts';

/** Rows of the table of the best that a page shows. */
const MOST_ROWS = 100;
/** Trades of each part that a page shows. */
const MOST_TRADES = 300;
const MOST_YAML = 200_000;
const MOST_TEXT = 2000;
/** Characters of the data for programs; what is larger is left out, and said so. */
const MOST_DATA = 1_000_000;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Writes the page. */
export function reportPage(whole: ReportData): string {
  const data = bounded(whole);
  const { title, facts, job_id } = data;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title} – Backtest Jobs</title>
        <style>
          ${new Html(STYLES)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p>${facts.join(' · ')}</p>
          </header>
          ${data.about === 'search' ? ofSearch(data) : ofVariant(data)} ${howItRan(data)}
          <footer>
            Made by Backtest Jobs${job_id === null ? null : html` of job ${job_id}`}. This file is complete: it runs
            nothing and loads nothing. Past results do not promise future ones.
          </footer>
        </main>
        ${dataBlock('report-data', readable(data))}
      </body>
    </html> `;
  return page.text;
}

/** Cuts every list that can be long. */
function bounded(data: ReportData): ReportData {
  const { spec_yaml: yaml, rows, variant } = data;
  const isLong = yaml.length > MOST_YAML;
  return {
    ...data,
    title: data.title.slice(0, MOST_TEXT),
    rows: rows.slice(0, MOST_ROWS),
    variant: variant && { ...variant, ...boundedPart(variant), unseen: variant.unseen && boundedPart(variant.unseen) },
    spec_yaml: isLong
      ? `${yaml.slice(0, MOST_YAML)}\n# ... cut here: the whole has ${countText(yaml.length)} characters`
      : yaml,
  };
}

function boundedPart(part: ReportPart): ReportPart {
  const { trades } = part;
  if (trades.length <= MOST_TRADES) return part;
  return { ...part, trades: [...trades.slice(0, MOST_TRADES / 2), ...trades.slice(-MOST_TRADES / 2)] };
}

function readable(data: ReportData): object {
  const size = JSON.stringify(data).length;
  if (size <= MOST_DATA) return data;
  return { title: data.title, left_out: `the data have ${size} characters, more than ${MOST_DATA}` };
}

function panel(title: string, content: Html | null): Html | null {
  return (
    content &&
    html`<section class="panel">
      <h2>${title}</h2>
      ${content}
    </section>`
  );
}

function ofSearch(data: ReportData): Html {
  const { variant, parameters, validation } = data;
  return html`${verdictBand(data)} ${panel('Best variants', bestTable(data))}
  ${data.missing === null ? null : html`<p class="strip caution">The best could not be run again: ${data.missing}</p>`}
  ${variant && changed(variant)}
  ${variant && panel(`The best: ${variantText(parameters, variant.values)}`, equityChart(variant.series))}
  ${validation && panel('On bars that the search had not seen', unseenTable(validation, data.primary_metric))}
  ${variant && details(variant)}`;
}

function ofVariant(data: ReportData): Html {
  const { variant } = data;
  if (variant === null) return html`<p class="panel">There is no such variant.</p>`;
  const { metrics } = variant;
  const shown = [
    'total_return_pct',
    'max_drawdown_pct',
    'sharpe',
    'sortino',
    'profit_factor',
    'win_rate_pct',
    'num_trades',
  ];
  return html`${verdictStrip(data)} ${changed(variant)}
    <section class="panel figures-row">${shown.map((id) => figure(id, metrics[id]))}</section>
    ${panel(variant.unseen ? 'Equity and drawdown, on the bars searched' : 'Equity and drawdown', equityChart(variant.series))}
    ${details(variant)}`;
}

/** Says where the numbers of this run may differ from those of the job. */
function changed({ same_candles, same_engine }: ReportVariant): Html | null {
  const words = [
    ...(same_candles === false
      ? ['The candles have changed since the job ran: equity, months and trades are of the new ones.']
      : []),
    ...(same_engine === false
      ? ['Another version of the engine made the ranking: equity, months and trades are of this one.']
      : []),
  ];
  return words.length === 0 ? null : html`<p class="strip caution">${words.join(' ')}</p>`;
}

function details(variant: ReportVariant): Html {
  const { unseen } = variant;
  return html`${unseen && panel('Equity and drawdown, on the bars held out', equityChart(unseen.series))}
    ${panel('Months', monthsTable(variant))} ${unseen && panel('Months on the bars held out', monthsTable(unseen))}
    <div class="two">
      ${panel('Report', reportTable(variant, unseen))}${panel('What else its trades could have come to', otherwise(variant))}
    </div>
    ${panel('Trades', tradesTable(variant))} ${unseen && panel('Trades on the bars held out', tradesTable(unseen))}`;
}

/** What else the same trades could have come to. */
function otherwise({ monte_carlo: other }: ReportPart): Html | null {
  if (!other) return null;
  const { reordered, resampled, trades } = other;
  const { p5, p50, p95 } = resampled.return_pct;
  return html`<h3>What else its ${countText(trades)} trades could have come to</h3>
    <p>
      In another order the closed trades fall ${decimalText(reordered.closed_drawdown_pct.p50, 1)}% in the middle and
      ${decimalText(reordered.closed_drawdown_pct.p95, 1)}% in the worst 5% of orders. Drawn anew from the same trades
      the return is ${signed(p5, 1)}%, ${signed(p50, 1)}%, ${signed(p95, 1)}% (5%, middle, 95%);
      ${decimalText(100 * resampled.loss_probability, 1)}% of draws lose money.
    </p>`;
}

function howItRan({ ledger, ran, spec_yaml, command }: ReportData): Html {
  return html`<div class="two">
      ${ledger && panel('Candles', candlesTable(ledger))}
      ${panel(
        'How it ran',
        html`${pairsTable('How it ran', ran)}${
          command === null
            ? null
            : html`<h3>Run it again</h3>
                <pre>${command}</pre>`
        }`,
      )}
    </div>
    <section class="panel">
      <details open>
        <summary>Spec</summary>
        <pre>${spec_yaml}</pre>
      </details>
    </section>`;
}
