import { useEffect, useRef, type JSX, type ReactNode } from 'react';
import { CopyButton } from '../parts/CopyButton.tsx';

interface SecretProps {
  readonly label: string;
  readonly secret: string;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

/** Shows a secret the one time that it is known, and takes the focus for it. */
export function Secret({ label, secret, onDone, children }: SecretProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} className="secret" tabIndex={-1} role="group" aria-label={label}>
      <p>{children}</p>
      <p className="command">
        <code>{secret}</code>
        <CopyButton text={secret} />
        <button type="button" className="btn small" onClick={onDone}>
          I have it
        </button>
      </p>
    </div>
  );
}
