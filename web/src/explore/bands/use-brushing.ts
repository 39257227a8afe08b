// Brushes by the pointer: a drag on an axis narrows it, a click clears it.

import { useRef, useState, type PointerEvent } from 'react';
import type { BinRange } from './brushes.ts';
import { axisAt, bandsFrame, binAtY } from './layout.ts';
import type { BandsModel } from './model.ts';

export interface ReadBin {
  readonly axis: number;
  readonly bin: number;
}

interface Brushing {
  readonly read: ReadBin | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onPointerLeave: () => void;
  };
}

/** Pixels from which a press is a drag. */
const DRAG = 3;

/** `onBrush` has the axis by its place, and null to clear it. */
export function useBrushing({ axes }: BandsModel, onBrush: (axis: number, range: BinRange | null) => void): Brushing {
  const [read, setRead] = useState<ReadBin | null>(null);
  const drag = useRef<(ReadBin & { readonly y: number; moved: boolean }) | null>(null);
  const pointIn = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return { frame: bandsFrame(axes.length, width, height), x: clientX - left, y: clientY - top };
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const { frame, x, y } = pointIn(event);
    const at = axisAt(frame, x);
    const axis = at === null ? undefined : axes[at];
    if (at === null || axis === undefined || event.button !== 0) return;
    drag.current = { axis: at, bin: binAtY(frame, y, axis), y, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const { frame, x, y } = pointIn(event);
    const held = drag.current;
    const at = held?.axis ?? axisAt(frame, x);
    const axis = at === null ? undefined : axes[at];
    if (at === null || axis === undefined) return setRead(null);
    const bin = binAtY(frame, y, axis);
    if (read?.axis !== at || read.bin !== bin) setRead({ axis: at, bin });
    if (held === null) return;
    held.moved ||= Math.abs(y - held.y) > DRAG;
    if (held.moved) onBrush(at, { from: Math.min(held.bin, bin), to: Math.max(held.bin, bin) });
  };
  const onPointerUp = (): void => {
    const held = drag.current;
    drag.current = null;
    if (held !== null && !held.moved) onBrush(held.axis, null);
  };
  const onPointerCancel = (): void => void (drag.current = null);
  const onPointerLeave = (): void => {
    if (drag.current === null) setRead(null);
  };
  return { read, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onPointerLeave } };
}
