// Words at the lower edge that say what was done, some with a way back.

import { useEffect, type JSX } from 'react';
import { openStore, useStore } from '../lib/store.ts';

interface Notice {
  readonly id: number;
  readonly words: string;
  readonly undo?: () => void;
}

const notices = openStore<readonly Notice[]>([]);
let last = 0;

/** Time in which an act can be undone. */
export const UNDO_MS = 6000;

/** Says that something was done; with `undo` for as long as it can be. */
export function say(words: string, undo?: () => void): void {
  last += 1;
  notices.set([...notices.get().slice(-2), { id: last, words, ...(undo && { undo }) }]);
}

function close(id: number): void {
  notices.set(notices.get().filter((one) => one.id !== id));
}

export function Notices(): JSX.Element {
  const all = useStore(notices);
  return (
    <div className="notices" role="status">
      {all.map((notice) => (
        <NoticeBox key={notice.id} {...notice} />
      ))}
    </div>
  );
}

function NoticeBox({ id, words, undo }: Notice): JSX.Element {
  useEffect(() => {
    const timer = setTimeout(() => close(id), UNDO_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className="floating notice">
      <span>{words}</span>
      {undo && (
        <button
          type="button"
          className="btn small"
          onClick={() => {
            undo();
            close(id);
          }}
        >
          Undo
        </button>
      )}
    </div>
  );
}
