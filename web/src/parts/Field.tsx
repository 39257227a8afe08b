import { useId, type ComponentProps, type JSX, type ReactNode } from 'react';

interface FrameProps {
  readonly label: string;
  /** What is wrong with it; null: nothing. */
  readonly problem: string | null;
  readonly hint?: ReactNode;
}

/** A field of a form: label, input, hint, and what is wrong with it. */
export function Field({
  label,
  problem,
  hint,
  className = '',
  ...input
}: FrameProps & Omit<ComponentProps<'input'>, 'id'>): JSX.Element {
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" aria-describedby={`${id}-words`} aria-invalid={problem !== null} {...input} />
      <FieldWords id={`${id}-words`} problem={problem} hint={hint} />
    </div>
  );
}

/** The same with a list to choose from. */
export function SelectField({
  label,
  problem,
  hint,
  children,
  ...select
}: FrameProps & Omit<ComponentProps<'select'>, 'id'>): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" aria-describedby={`${id}-words`} aria-invalid={problem !== null} {...select}>
        {children}
      </select>
      <FieldWords id={`${id}-words`} problem={problem} hint={hint} />
    </div>
  );
}

function FieldWords({
  id,
  problem,
  hint,
}: { readonly id: string } & Pick<FrameProps, 'problem' | 'hint'>): JSX.Element {
  return (
    <span id={id} className={problem === null ? 'ink-3' : 'loss'} {...(problem !== null && { role: 'alert' })}>
      {problem ?? hint}
    </span>
  );
}
