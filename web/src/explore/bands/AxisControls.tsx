// What the keyboard has of an axis: its name, which moves and flips it, and the two ends of its brush.

import { useRef, useState, type CSSProperties, type JSX, type KeyboardEvent, type PointerEvent } from 'react';
import { movedEnd, type BinRange } from './brushes.ts';
import { axisX, binY, placeAtX, reachOf, type BandsFrame } from './layout.ts';
import { bandText, type BandAxis } from './model.ts';

interface AxisNameProps {
  readonly frame: BandsFrame;
  readonly at: number;
  readonly axis: BandAxis;
  readonly onMove: (to: number) => void;
  readonly onFlip: () => void;
}

/** Pixels for a name from which it is written in full. */
const ROOMY = 92;

/** A name: a drag or the arrows move its axis, a double click or Enter turns it upside down. */
export function AxisName({ frame, at, axis, onMove, onFlip }: AxisNameProps): JSX.Element {
  const [by, setBy] = useState<number | null>(null);
  const from = useRef<number | null>(null);
  const x = axisX(frame, at);
  const room = frame.width / Math.max(1, frame.axes - 1) - 6;
  const label = room < ROOMY && axis.named ? axis.named.short : axis.label;
  const style: CSSProperties = {
    left: x,
    maxWidth: Math.max(48, room),
    transform: `translateX(calc(${at === 0 ? '-24px' : '-50%'} + ${by ?? 0}px))`,
  };
  if (axis.isScore) {
    return (
      <span className="band-name" style={style}>
        {label}
      </span>
    );
  }
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    from.current = event.clientX;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerUp = (): void => {
    if (from.current !== null && by !== null) {
      const to = placeAtX(frame, x + by);
      if (to !== at) onMove(to);
    }
    from.current = null;
    setBy(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = { ArrowLeft: () => onMove(at - 1), ArrowRight: () => onMove(at + 1), Enter: onFlip, ' ': onFlip }[
      event.key
    ];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <button
      type="button"
      className="band-name"
      style={style}
      aria-label={`${axis.label}: left and right arrows move the axis, Enter turns it upside down`}
      aria-pressed={axis.isFlipped}
      title="Drag: move. Double click: turn upside down"
      data-moving={by !== null}
      onPointerDown={onPointerDown}
      onPointerMove={({ clientX }) => {
        if (from.current !== null && Math.abs(clientX - from.current) > 3) setBy(clientX - from.current);
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={onFlip}
      onKeyDown={onKeyDown}
    >
      {label}
      {axis.isFlipped && ' ↓'}
    </button>
  );
}

interface EndsProps {
  readonly frame: BandsFrame;
  readonly at: number;
  readonly axis: BandAxis;
  /** Null: the axis has no brush, and all of it counts. */
  readonly brush: BinRange | null;
  readonly onBrush: (range: BinRange | null) => void;
  /** The bin that a key has reached. */
  readonly onRead: (bin: number | null) => void;
}

/** The ends of a brush, as sliders that are seen while they have the focus. */
export function BrushEnds({ frame, at, axis, brush, onBrush, onRead }: EndsProps): JSX.Element {
  const range = brush ?? { from: 0, to: axis.bins - 1 };
  const onKeyDown = (event: KeyboardEvent, end: 'from' | 'to'): void => {
    if (['Delete', 'Backspace', 'Escape'].includes(event.key) && brush !== null) {
      event.preventDefault();
      return onBrush(null);
    }
    const next = movedEnd(upwards(event.key, axis.isFlipped), end, range, axis.bins);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onRead(next[end]);
    onBrush(next.from === 0 && next.to === axis.bins - 1 ? null : next);
  };
  const [left, right] = reachOf(frame, at);
  return (
    <>
      {/* A finger scrolls the page beside an axis, and brushes on it. */}
      <div className="band-strip" style={{ left, width: right - left }} />
      {(['from', 'to'] as const).map((end) => (
        <div
          key={end}
          className="band-end"
          role="slider"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label={`${axis.label} ${end}`}
          aria-valuemin={0}
          aria-valuemax={axis.bins - 1}
          aria-valuenow={range[end]}
          aria-valuetext={bandText(axis, range[end], range[end])}
          data-end={`${axis.key}.${end}`}
          style={{ left: axisX(frame, at), top: binY(frame, range[end], axis) }}
          onKeyDown={(event) => onKeyDown(event, end)}
          onFocus={() => onRead(range[end])}
          onBlur={() => onRead(null)}
        />
      ))}
    </>
  );
}

/** An arrow moves the way it points, however the axis stands. */
function upwards(key: string, isFlipped: boolean): string {
  if (!isFlipped) return key;
  return { ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp' }[key] ?? key;
}
