import type { JSX } from 'react';
import { Sign } from '../parts/Sign.tsx';

interface ChosenBarProps {
  readonly count: number;
  /** Those that have ended, and so can be deleted. */
  readonly ended: number;
  readonly onCompare: () => void;
  readonly onDelete: () => void;
  readonly onClear: () => void;
}

/** What can be done with the jobs that are chosen. */
export function ChosenBar({ count, ended, onCompare, onDelete, onClear }: ChosenBarProps): JSX.Element {
  return (
    <div className="panel chosen" role="toolbar" aria-label="Chosen jobs">
      <b>{count} chosen</b>
      <button type="button" className="btn small" onClick={onCompare}>
        <Sign name="compare" /> Compare the best of each
      </button>
      <button type="button" className="btn small" disabled={ended === 0} onClick={onDelete}>
        <Sign name="bin" /> Delete {ended}
      </button>
      <button type="button" className="btn quiet small" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
