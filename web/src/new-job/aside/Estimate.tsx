// What the draft amounts to: variants, time, memory, and whether its answer can be believed.

import type { JSX } from 'react';
import { count, span } from '../../words/format.ts';
import type { Counts } from '../engine/judge.ts';
import { useForm } from '../form/form.ts';
import type { CostEstimate } from '../queries.ts';
import { Belief } from './Belief.tsx';

interface EstimateProps {
  readonly counts: Counts | null;
  /** What the server says of it; null: it was not asked yet. */
  readonly cost: CostEstimate | null;
  readonly isOld: boolean;
  /** Why there is no number. */
  readonly waiting: string | null;
}

export function Estimate({ counts, cost, isOld, waiting }: EstimateProps): JSX.Element {
  const { runtime } = useForm();
  const limit = runtime.limits.max_compute_bytes_total;
  const bytes = cost?.bytes ?? counts?.bytes ?? 0;
  return (
    <section className="panel" aria-label="Estimate">
      <div className="est" data-old={isOld || undefined} data-empty={counts === null || undefined}>
        <p className="cap">{waiting ?? 'Variants'}</p>
        <p className="big num" data-trials={waiting === null ? counts?.trials : undefined}>
          {waiting === null && counts ? count(counts.trials) : '–'}
        </p>
        <p className="product num">{counts ? productText(counts) : ' '}</p>
        <dl>
          <dt>Time</dt>
          <dd className="num">{cost ? timeText(cost) : '–'}</dd>
          <dt>Memory</dt>
          <dd>
            <span
              className="meter"
              role="img"
              aria-label={`${Math.round((100 * bytes) / limit)}% of what a job may take`}
            >
              <i style={{ width: `${Math.min(100, Math.max(2, (100 * bytes) / limit))}%` }} />
            </span>
            <span className="num">
              {bytesText(bytes)} of {bytesText(limit)}
            </span>
          </dd>
        </dl>
        {counts && <Belief counts={counts} />}
        {cost && cost.warnings.length > 0 && <Warnings cost={cost} />}
      </div>
    </section>
  );
}

/** What is allowed and seldom meant; that history is short is said above. */
function Warnings({ cost }: { readonly cost: CostEstimate }): JSX.Element {
  return (
    <ul className="warnings">
      {cost.warnings
        .filter(({ code }) => code !== 'too_little_history')
        .map(({ path, message }) => (
          <li key={`${path} ${message}`}>{message}</li>
        ))}
    </ul>
  );
}

/** Writes how the variants multiply: "6 × 9 × 3 where allowed = 126, then the best 126 × 25 stops, 5 times". */
function productText({ lengths, rawTotal, baseTotal, riskTotal, shortlisted, folds }: Counts): string {
  const axes = lengths.length === 0 ? '1' : lengths.map((one) => count(one)).join(' × ');
  const isWhole = rawTotal === baseTotal;
  const base = lengths.length < 2 && isWhole ? axes : `${axes}${isWhole ? '' : ' where allowed'} = ${count(baseTotal)}`;
  const stops = riskTotal === 1 ? '' : `, then the best ${count(shortlisted)} × ${count(riskTotal)} stops`;
  return `${base}${stops}${folds === 1 ? '' : `, ${folds} times`}`;
}

function timeText({ time }: CostEstimate): string {
  const [low, high] = [span(time.low_seconds), span(time.high_seconds)];
  if (low === high) return low;
  const unit = / s$/;
  return `${unit.test(low) && unit.test(high) && !low.includes('min') && !high.includes('min') ? low.replace(unit, '') : low} to ${high}`;
}

function bytesText(bytes: number): string {
  return bytes >= 2 ** 30
    ? `${count(Math.round((10 * bytes) / 2 ** 30) / 10)} GB`
    : `${count(Math.ceil(bytes / 2 ** 20))} MB`;
}
