// Which cell of a map is read, and which rectangle is chosen, by pointer and keys.

import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { boxOf, cellAt, frameOf, isSame, movedBy, nearestCell, type Box, type Place, type Size } from './frame.ts';

interface Reading {
  readonly cursor: Place | null;
  readonly box: Box | null;
  /** Whether keys read the cell: then it is spoken. */
  readonly byKeys: boolean;
  readonly clear: () => void;
  readonly handlers: Handlers;
}

interface Handlers {
  readonly onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => void;
  readonly onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => void;
  readonly onPointerLeave: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onBlur: () => void;
}

interface Reader {
  /** Where keys begin. */
  readonly start: Place | null;
  readonly onOpen: (place: Place) => void;
}

/** Pixels from which a press is a drag. */
const DRAG = 4;

interface State {
  readonly cursor: Place | null;
  readonly box: Box | null;
  readonly byKeys: boolean;
}

const NOTHING: State = { cursor: null, box: null, byKeys: false };

export function useReading(size: Size, { start, onOpen }: Reader): Reading {
  const [state, setState] = useState<State>(NOTHING);
  const drag = useRef<{ readonly place: Place; readonly x: number; readonly y: number; moved: boolean } | null>(null);
  const anchor = useRef<Place | null>(null);
  const fits = (place: Place): boolean => place.i < size.columns && place.j < size.rows;
  // A map of other axes may have fewer cells.
  const cursor = state.cursor !== null && fits(state.cursor) ? state.cursor : null;
  const box = state.box !== null && fits(state.box.to) ? state.box : null;
  const clear = (): void => setState((now) => ({ ...now, box: null }));

  const pointOf = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const frame = frameOf(size, width, height);
    return { frame, x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { frame, x, y } = pointOf(event);
    const held = drag.current;
    if (held === null) {
      const next = cellAt(frame, x, y);
      if (!isSame(next, cursor) || state.byKeys) setState({ cursor: next, box, byKeys: false });
      return;
    }
    held.moved ||= Math.hypot(x - held.x, y - held.y) > DRAG;
    if (!held.moved) return;
    const to = nearestCell(frame, x, y);
    setState({ cursor: to, box: boxOf(held.place, to), byKeys: false });
  };
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { frame, x, y } = pointOf(event);
    const place = cellAt(frame, x, y);
    // A finger that moves scrolls the page.
    if (place === null || event.button !== 0 || event.pointerType === 'touch') return;
    drag.current = { place, x, y, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { frame, x, y } = pointOf(event);
    const place = cellAt(frame, x, y);
    const held = drag.current;
    drag.current = null;
    if (held?.moved) return;
    if (event.pointerType === 'touch') {
      // The first touch reads a cell, the second opens it.
      if (place !== null && isSame(place, cursor)) onOpen(place);
      setState({ cursor: place, box: null, byKeys: false });
    } else if (held !== null && box !== null) clear();
    else if (held !== null && place !== null) onOpen(place);
  };
  const onPointerLeave = (): void => {
    if (drag.current === null && !state.byKeys) setState({ cursor: null, box, byKeys: false });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && (box !== null || cursor !== null)) {
      event.preventDefault();
      anchor.current = null;
      return setState(box === null ? NOTHING : { cursor, box: null, byKeys: true });
    }
    if (event.key === 'Enter' && cursor !== null) {
      event.preventDefault();
      return onOpen(cursor);
    }
    const next = cursor === null ? firstOf(event.key, start, size) : movedBy(event.key, cursor, size);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    anchor.current = event.shiftKey ? (anchor.current ?? cursor ?? next) : null;
    setState({ cursor: next, box: anchor.current && boxOf(anchor.current, next), byKeys: true });
  };
  const onBlur = (): void => {
    anchor.current = null;
    if (state.byKeys) setState({ cursor: null, box, byKeys: false });
  };
  const handlers = { onPointerMove, onPointerDown, onPointerUp, onPointerLeave, onKeyDown, onBlur };
  return { cursor, box, byKeys: state.byKeys, clear, handlers };
}

/** Returns the cell at which keys begin: the best, or the middle. */
function firstOf(key: string, start: Place | null, size: Size): Place | null {
  const first = start ?? { i: Math.floor(size.columns / 2), j: Math.floor(size.rows / 2) };
  return movedBy(key, first, size) === null ? null : first;
}
