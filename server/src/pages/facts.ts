// What a result was computed from, and what came of bars that its search had not seen.

import type { Ledger } from '@backtest-jobs/engine';
import type { ValidationResult } from '@backtest-jobs/engine/internal';
import { html, type Html } from './html.ts';
import { pairsTable } from './tables.ts';
import { countText, decimalText, metricWords, NONE, signed, span, tone } from './words.ts';

export function candlesTable(ledger: Ledger): Html {
  const missing =
    ledger.base_missing === null
      ? 'exchange sessions: not counted'
      : `${countText(ledger.base_missing)} of ${countText(ledger.base_expected)}, in ${countText(ledger.base_gaps)} gaps`;
  return pairsTable('Candles', [
    [
      'Bars',
      `${countText(ledger.target_bars)}, ${ledger.first_target.slice(0, 10)} to ${ledger.last_target.slice(0, 10)}`,
    ],
    ['Interval read', span(ledger.base_interval_ms / 1000)],
    ['Candles used', countText(ledger.base_present)],
    ['Missing', missing],
    ['Carried forward', countText(ledger.carried_bars)],
    ['Longest gap', span(ledger.longest_gap_ms / 1000)],
    ['Duplicates', countText(ledger.duplicates)],
    ['Without volume', `${decimalText(100 * ledger.zero_volume_share, 1)}%`],
    ...(ledger.split_jumps ? [['Jumps', 'the price jumps as a split does that nobody has adjusted for'] as const] : []),
    ['Digest', ledger.digest],
  ]);
}

/** Folds that are shown: the last ones. */
const MOST_FOLDS = 60;

export function unseenTable({ mode, folds, out_of_sample }: ValidationResult, metric: string): Html {
  const { name, format } = metricWords(metric);
  const shown = folds.slice(-MOST_FOLDS);
  const { total_return_pct: money, sharpe, max_drawdown_pct: fall } = out_of_sample.metrics;
  const how =
    mode === 'holdout'
      ? 'The best of the search on the bars held out'
      : 'The best of each search on the bars behind it, one after the other';
  const cells = shown.map(({ in_sample, out_of_sample: unseen, best }, at) => {
    const made = best?.out_of_sample.total_return_pct;
    return html`<tr>
      <th scope="row">${folds.length - shown.length + at + 1}</th>
      <td>${in_sample.start.slice(0, 10)} to ${in_sample.end.slice(0, 10)}</td>
      <td>${unseen.start.slice(0, 10)} to ${unseen.end.slice(0, 10)}</td>
      <td>${best === null ? NONE : countText(best.variant_index)}</td>
      <td>${format(best?.in_sample[metric as 'sharpe'])}</td>
      <td>${format(best?.out_of_sample[metric as 'sharpe'])}</td>
      <td class="${tone(made)}">${signed(made, 1)}</td>
    </tr>`;
  });
  return html`<p>
      ${how}: <b class="${tone(money)}">${signed(money, 1)}%</b>, drawdown ${decimalText(fall, 1)}%, Sharpe ratio
      ${decimalText(sharpe, 2)}.
    </p>
    <div class="wide">
      <table class="numbers">
        <caption class="hidden">
          Parts searched and parts that judge
        </caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Searched</th>
            <th scope="col">Unseen</th>
            <th scope="col">Variant</th>
            <th scope="col">${name} there</th>
            <th scope="col">${name} unseen</th>
            <th scope="col">Return unseen %</th>
          </tr>
        </thead>
        <tbody>
          ${cells}
        </tbody>
      </table>
    </div>
    ${shown.length < folds.length ? html`<p class="quiet">The last ${shown.length} of ${countText(folds.length)} folds.</p>` : null}`;
}
