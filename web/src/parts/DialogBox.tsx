// Dialogs by Radix: they trap the focus and give it back.

import { Dialog } from 'radix-ui';
import type { JSX, ReactNode } from 'react';

// Radix keeps the page behind a dialog still by a style sheet, which is applied with the nonce of the page only.
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;
Object.assign(globalThis, { __webpack_nonce__: nonce });

interface DialogBoxProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog that is open as long as it is drawn. */
export function DialogBox({ title, wide = false, onClose, children }: DialogBoxProps): JSX.Element {
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className={`floating dialog${wide ? ' wide' : ''}`} aria-describedby={undefined}>
          <Dialog.Title asChild>
            <h2>{title}</h2>
          </Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
