// Words that say on hover and focus what they mean. By Radix: only pages that come lazily use it.

import './tip.css';
import { Tooltip } from 'radix-ui';
import type { JSX, ReactNode } from 'react';

interface TipProps {
  readonly words: string;
  readonly children: ReactNode;
}

export function Tip({ words, children }: TipProps): JSX.Element {
  if (words === '') return <>{children}</>;
  return (
    <Tooltip.Provider delayDuration={200}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <button type="button" className="has-tip">
            {children}
          </button>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content className="floating tip" sideOffset={4} collisionPadding={8}>
            {words}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
