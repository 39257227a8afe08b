import { useId, type JSX, type ReactNode } from 'react';

interface PanelProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  /** Stands at the right of the head. */
  readonly tools?: ReactNode;
  /** Whether what it shows is old while new comes. */
  readonly busy?: boolean;
  readonly className?: string;
  /** Whether its content goes to its edges, as a table does. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a page. Panels never lie in panels. */
export function Panel({
  title,
  note,
  tools,
  busy = false,
  className = '',
  flush = false,
  children,
}: PanelProps): JSX.Element {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id} aria-busy={busy}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className="note">{note}</span>}
        <span className="grow" />
        {tools}
      </header>
      {flush ? children : <div className="body">{children}</div>}
    </section>
  );
}

/** A grey bar as high as what comes; it appears after a moment only, by CSS. */
export function Coming({ height }: { readonly height: number }): JSX.Element {
  return <span className="coming" style={{ height }} aria-hidden="true" />;
}
