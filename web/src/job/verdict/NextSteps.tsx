import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Step } from './next.ts';

interface NextStepsProps {
  readonly steps: readonly Step[];
  readonly isOpen: boolean;
  readonly onNumbers: () => void;
  readonly onSave: () => void;
}

/** What to do now, each with its reason, and the way to the numbers. */
export function NextSteps({ steps, isOpen, onNumbers, onSave }: NextStepsProps): JSX.Element {
  return (
    <div className="next">
      {steps.length > 0 && <span className="caption">Next</span>}
      {steps.map(({ id, words, why, href }) => (
        <span key={id} className="step">
          {href === null ? (
            <button type="button" className="link" onClick={onSave}>
              {words}
            </button>
          ) : (
            <Link className="link" href={href}>
              {words}
            </Link>
          )}
          <span className="why-words">{why}</span>
        </span>
      ))}
      <span className="grow" />
      <button
        type="button"
        className="btn quiet small"
        aria-expanded={isOpen}
        aria-controls="numbers"
        onClick={onNumbers}
      >
        {isOpen ? 'Hide the numbers' : 'The numbers behind it'}
      </button>
    </div>
  );
}
