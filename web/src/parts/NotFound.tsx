import type { JSX } from 'react';
import { Link } from 'wouter';

/** What stands in the place of a page that is not there. */
export function NotFound({ what }: { readonly what: string }): JSX.Element {
  return (
    <section className="panel" aria-labelledby="not-found">
      <header>
        <h1 id="not-found">Not found</h1>
      </header>
      <div className="body form">
        <p>{what} It may have been deleted, or the address has a mistake.</p>
        <p className="acts">
          <Link className="btn" href="/jobs">
            All jobs
          </Link>
        </p>
      </div>
    </section>
  );
}
