import { useState, type JSX } from 'react';
import { Sign } from './Sign.tsx';

const SAID_MS = 2000;

/** Copies a text. Where the browser does not let it, the text beside it can be chosen by hand. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }): JSX.Element {
  const [said, say] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const words = await navigator.clipboard?.writeText(text).then(
      () => 'Copied',
      () => 'Not allowed',
    );
    say(words ?? 'Not allowed');
    setTimeout(() => say(null), SAID_MS);
  };
  return (
    <button type="button" className="btn small" onClick={() => void copy()}>
      <Sign name={said === 'Copied' ? 'tick' : 'copy'} /> {said ?? label}
    </button>
  );
}
