// The band while there is no verdict: of the same height, so that nothing below moves when there is one.

import type { JSX, ReactNode } from 'react';

interface BandProps {
  readonly label: string;
  readonly tone?: 'none' | 'loss' | 'caution';
  /** Above the words. */
  readonly caption: string;
  /** What happens, in large letters. */
  readonly head: ReactNode;
  /** Below the words. */
  readonly children: ReactNode;
  readonly evidence: ReactNode;
  readonly foot?: ReactNode;
}

export function Band({ label, tone = 'none', caption, head, children, evidence, foot }: BandProps): JSX.Element {
  return (
    <section className={`panel band tone-${tone}`} aria-label={label} data-band={label}>
      <div className="say">
        <p className="caption">{caption}</p>
        <h2>{head}</h2>
        {children}
      </div>
      <div className="evidence">{evidence}</div>
      {foot !== undefined && <div className="next">{foot}</div>}
    </section>
  );
}
