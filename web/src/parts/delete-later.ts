import { openStore } from '../lib/store.ts';
import { say, UNDO_MS } from './notices.tsx';
import { wordsOf } from './Trouble.tsx';

interface Leaving {
  readonly ids: readonly string[];
  readonly deleteOne: (id: string) => Promise<unknown>;
}

/** Ids of what leaves: lists show none of it, on whichever page it was deleted. */
export const leaving = openStore<ReadonlySet<string>>(new Set());

const stay = (ids: readonly string[]): void => leaving.set(leaving.get().difference(new Set(ids)));

/** Deletes things after the time in which it can be undone; a page that closes deletes them at once. */
export function deleteLater({ ids, deleteOne }: Leaving): { readonly undo: () => void } {
  leaving.set(leaving.get().union(new Set(ids)));
  const send = (): void => {
    removeEventListener('pagehide', send);
    clearTimeout(timer);
    for (const id of ids)
      deleteOne(id).catch((error: unknown) => {
        stay([id]);
        say(wordsOf(error));
      });
  };
  const timer = setTimeout(send, UNDO_MS);
  addEventListener('pagehide', send);
  return {
    undo() {
      removeEventListener('pagehide', send);
      clearTimeout(timer);
      stay(ids);
    },
  };
}
