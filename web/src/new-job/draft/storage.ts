// The draft survives a reload: it is kept for the tab, each under what its address asked for, so that a clone does not
// overwrite what was written by hand.

import type { Draft } from './draft.ts';
import { isObject } from './plain.ts';

const PREFIX = 'new-job ';

export function keepDraft(made: string, draft: Draft): void {
  try {
    sessionStorage.setItem(PREFIX + made, JSON.stringify(draft));
  } catch {
    // a browser that keeps nothing, or no more, has it until the page is left
  }
}

export function dropDraft(made: string): void {
  try {
    sessionStorage.removeItem(PREFIX + made);
  } catch {
    // nothing was kept
  }
}

export function keptDraft(made: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + made) ?? 'null');
    return isObject(kept) && isObject(kept['spec']) && isObject(kept['shelf']) ? (kept as unknown as Draft) : null;
  } catch {
    return null;
  }
}
