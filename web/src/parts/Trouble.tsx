// What stands in a panel whose question failed: what failed in words, the way out, and the code small.

import { ApiError } from '@backtest-jobs/client';
import type { JSX } from 'react';

interface TroubleProps {
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Says what could not be done. */
export function Trouble({ what, error, onRetry }: TroubleProps): JSX.Element {
  return (
    <div className="trouble" role="alert">
      <span>
        {what}: {wordsOf(error)}
      </span>
      {onRetry && (
        <button type="button" className="btn small" onClick={onRetry}>
          Try again
        </button>
      )}
      {error instanceof ApiError && <code>{error.code}</code>}
    </div>
  );
}

/** Returns an error in words: those of the API, or that it was not reached. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof TypeError) return 'the server was not reached';
  return error instanceof Error ? error.message : String(error);
}
