import { useEffect, useState, type JSX, type RefObject } from 'react';
import { Sign } from './Sign.tsx';

interface SearchBoxProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Milliseconds after the last key before the server is asked. */
const TYPING_MS = 250;

/** Asks the server for what is typed, a moment after the last key. */
export function SearchBox({ input, label, hint, value, onChange }: SearchBoxProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <label className="search">
      <Sign name="search" />
      <span className="sr">{label}</span>
      <input
        ref={input}
        className="input"
        type="search"
        placeholder={hint}
        value={typed}
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
