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
  readonly onPointerLeave: (event: PointerEvent) => void;
  readonly onPointerCancel: () => void;
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
  const leave = (): void => setState({ cursor: null, box, byKeys: false });
  const clear = (): void => setState((now) => ({ ...now, box: null }));

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { frame, x, y } = pointIn(size, event);
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
    const { frame, x, y } = pointIn(size, event);
    const place = cellAt(frame, x, y);
    // A finger that moves scrolls the page.
    if (place === null || event.button !== 0 || event.pointerType === 'touch') return;
    drag.current = { place, x, y, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { frame, x, y } = pointIn(size, event);
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
  // A finger that is lifted has left too, but what it touched stays read.
  const onPointerLeave = ({ pointerType }: PointerEvent): void => {
    if (drag.current === null && !state.byKeys && pointerType !== 'touch') leave();
  };
  const onPointerCancel = (): void => void (drag.current = null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keyed(event, { cursor, box, anchor: anchor.current, start, size });
    if (act === null) return;
    event.preventDefault();
    if ('open' in act) return onOpen(act.open);
    anchor.current = act.anchor;
    setState(act);
  };
  const onBlur = (): void => {
    anchor.current = null;
    if (state.byKeys) leave();
  };
  const pointer = { onPointerMove, onPointerDown, onPointerUp, onPointerLeave, onPointerCancel };
  return { cursor, box, byKeys: state.byKeys, clear, handlers: { ...pointer, onKeyDown, onBlur } };
}

/** Returns where a pointer is on the canvas, and where the cells are. */
function pointIn(size: Size, { currentTarget, clientX, clientY }: PointerEvent<HTMLCanvasElement>) {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { frame: frameOf(size, width, height), x: clientX - left, y: clientY - top };
}

interface Keyed {
  readonly cursor: Place | null;
  readonly box: Box | null;
  /** Where a rectangle that keys draw began. */
  readonly anchor: Place | null;
  readonly start: Place | null;
  readonly size: Size;
}

/** Returns what a key does; null: nothing. */
function keyed(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  { cursor, box, anchor, start, size }: Keyed,
): (State & { readonly anchor: Place | null }) | { readonly open: Place } | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (key === 'Enter') return cursor && { open: cursor };
  if (key === 'Escape') {
    if (box !== null) return { cursor, box: null, byKeys: true, anchor: null };
    return cursor === null ? null : { ...NOTHING, anchor: null };
  }
  const next = cursor === null ? firstOf(key, start, size) : movedBy(key, cursor, size);
  if (next === null) return null;
  const from = shiftKey ? (anchor ?? cursor ?? next) : null;
  return { cursor: next, box: from && boxOf(from, next), byKeys: true, anchor: from };
}

/** Returns the cell at which keys begin: the best, or the middle. */
function firstOf(key: string, start: Place | null, size: Size): Place | null {
  const first = start ?? { i: Math.floor(size.columns / 2), j: Math.floor(size.rows / 2) };
  return movedBy(key, first, size) === null ? null : first;
}
