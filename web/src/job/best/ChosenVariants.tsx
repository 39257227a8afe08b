import type { JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';

interface ChosenVariantsProps {
  readonly count: number;
  readonly most: number;
  readonly onCompare: () => void;
  readonly onClear: () => void;
}

export function ChosenVariants({ count, most, onCompare, onClear }: ChosenVariantsProps): JSX.Element {
  return (
    <div className="chosen-variants" role="toolbar" aria-label="Chosen variants">
      <b>{count} chosen</b>
      <button type="button" className="btn small" onClick={onCompare}>
        <Sign name="compare" /> Compare{count > most ? ` the first ${most}` : ''}
      </button>
      <button type="button" className="btn quiet small" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
