import { say, UNDO_MS } from '../parts/notices.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import { deleteJob } from './queries.ts';

/** Deletes jobs after the time in which it can be undone; a page that closes deletes them at once. */
export function deleteLater(ids: readonly string[], show: (isAway: boolean) => void): { readonly undo: () => void } {
  show(true);
  const send = (): void => {
    removeEventListener('pagehide', send);
    clearTimeout(timer);
    for (const id of ids)
      deleteJob(id).catch((error: unknown) => {
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
