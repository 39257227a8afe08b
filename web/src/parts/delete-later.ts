import { say, UNDO_MS } from './notices.tsx';
import { wordsOf } from './Trouble.tsx';

interface Leaving {
  readonly ids: readonly string[];
  readonly deleteOne: (id: string) => Promise<unknown>;
  /** Hears whether they are away from the list or back in it. */
  readonly show: (isAway: boolean) => void;
}

/** Deletes things after the time in which it can be undone; a page that closes deletes them at once. */
export function deleteLater({ ids, deleteOne, show }: Leaving): { readonly undo: () => void } {
  show(true);
  const send = (): void => {
    removeEventListener('pagehide', send);
    clearTimeout(timer);
    for (const id of ids)
      deleteOne(id).catch((error: unknown) => {
        show(false);
        say(wordsOf(error));
      });
  };
  const timer = setTimeout(send, UNDO_MS);
  addEventListener('pagehide', send);
  return {
    undo() {
      removeEventListener('pagehide', send);
      clearTimeout(timer);
      show(false);
    },
  };
}
