import type { JSX } from 'react';
import { Link } from 'wouter';
import { variantText, type NamedAxis } from '../../words/axes.ts';
import { count, date, decimal, NONE, percent, tone } from '../../words/format.ts';
import type { Fold, Validation } from '../verdict/words.ts';

interface FoldsProps {
  readonly validation: Validation;
  readonly axes: readonly NamedAxis[];
  readonly job_id: string;
}

/** What the best of each part came to on the bars after it, which the search had not seen. */
export function Folds({ validation: { mode, folds, out_of_sample: all }, axes, job_id }: FoldsProps): JSX.Element {
  return (
    <section className="folds" aria-label="Unseen data">
      <h3>{mode === 'holdout' ? 'On the bars held out' : 'Fold by fold, on the bars after each search'}</h3>
      <div className="folds-scroll" tabIndex={0} role="region" aria-label="Folds">
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">Searched</th>
              <th scope="col">Judged on</th>
              <th scope="col">Best of the search</th>
              {['Return %', 'Sharpe', 'Unseen %', 'Unseen Sharpe', 'Unseen trades'].map((words) => (
                <th key={words} scope="col" className="n">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {folds.map((fold) => (
              <FoldRow key={fold.out_of_sample.start} fold={fold} axes={axes} job_id={job_id} />
            ))}
            {folds.length > 1 && (
              <tr>
                <th scope="row" colSpan={3}>
                  Together, one after the other
                </th>
                <td className="n">{NONE}</td>
                <td className="n">{NONE}</td>
                <td className={`n ${tone(all.metrics.total_return_pct)}`}>{percent(all.metrics.total_return_pct)}</td>
                <td className="n">{decimal(all.metrics.sharpe)}</td>
                <td className="n">{count(all.metrics.num_trades)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface FoldRowProps {
  readonly fold: Fold;
  readonly axes: readonly NamedAxis[];
  readonly job_id: string;
}

function FoldRow({ fold: { in_sample, out_of_sample, best }, axes, job_id }: FoldRowProps): JSX.Element {
  const unseen = best?.out_of_sample;
  return (
    <tr>
      <th scope="row">
        {date(in_sample.start)} to {date(in_sample.end)}
      </th>
      <td>
        {date(out_of_sample.start)} to {date(out_of_sample.end)}
      </td>
      <td>
        {best === null ? (
          'none was ranked'
        ) : (
          <Link className="link" href={`/jobs/${job_id}/variants/${best.variant_index}`}>
            {variantText(axes, best.variant_index)}
          </Link>
        )}
      </td>
      <td className="n">{percent(best?.in_sample.total_return_pct)}</td>
      <td className="n">{decimal(best?.in_sample.sharpe)}</td>
      <td className={`n ${tone(unseen?.total_return_pct)}`}>{percent(unseen?.total_return_pct)}</td>
      <td className="n">{decimal(unseen?.sharpe)}</td>
      <td className="n">{count(unseen?.num_trades)}</td>
    </tr>
  );
}
