// A canvas that is as sharp as the screen, and drawn anew when its size, the colours or what it shows change.

import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { onColours } from './palette.ts';

/** What is drawn on, in CSS pixels. */
export interface Sheet {
  readonly c: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/**
 * Returns the reference of a canvas that `draw` draws. The time of the last drawing is kept as a measure of the browser under
 * this name, for tests and its tools.
 */
export function useCanvas(name: string, draw: (sheet: Sheet) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  useLayoutEffect(() => {
    latest.current = draw;
    paint(canvas.current, name, draw);
  }, [draw, name]);
  useEffect(() => {
    const again = (): void => paint(canvas.current, name, latest.current);
    const resized = new ResizeObserver(() => isOtherSize(canvas.current) && again());
    if (canvas.current !== null) resized.observe(canvas.current);
    const endColours = onColours(again);
    void document.fonts.ready.then(again);
    return () => {
      resized.disconnect();
      endColours();
    };
  }, [name]);
  return canvas;
}

function paint(canvas: HTMLCanvasElement | null, name: string, draw: (sheet: Sheet) => void): void {
  const c = canvas?.getContext('2d');
  if (!canvas || !c || canvas.clientWidth < 2 || canvas.clientHeight < 2) return;
  const start = performance.now();
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = ratioNow();
  if (isOtherSize(canvas)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  draw({ c, width, height });
  performance.clearMeasures(name);
  performance.measure(name, { start });
}

const ratioNow = (): number => Math.max(1, globalThis.devicePixelRatio);

/** Tells whether a canvas has other pixels than the screen has for it. */
function isOtherSize(canvas: HTMLCanvasElement | null): boolean {
  if (canvas === null) return false;
  const ratio = ratioNow();
  return (
    canvas.width !== Math.round(canvas.clientWidth * ratio) || canvas.height !== Math.round(canvas.clientHeight * ratio)
  );
}
