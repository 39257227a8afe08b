// The map with what moves over it: pointer and keys read cells, open them, and draw a rectangle to refine.

import { useCallback, useRef, type JSX, type ReactNode } from 'react';
import { useKeys } from '../../lib/keys.ts';
import { useCanvas } from '../canvas/use-canvas.ts';
import { drawMap, type Labels } from './draw-map.ts';
import { drawOver, type Over } from './draw-over.ts';
import type { Place } from './frame.ts';
import type { MapModel } from './model.ts';
import { useReading } from './use-reading.ts';

interface HeatMapProps {
  readonly model: MapModel;
  readonly labels: Labels;
  readonly marks: Pick<Over, 'best' | 'plateau' | 'hovered'>;
  readonly isOld: boolean;
  /** Says what a cell shows. */
  readonly words: (place: Place) => string;
  readonly onOpen: (place: Place) => void;
  /** What stands below while no cell is read. */
  readonly children: ReactNode;
  /** What a rectangle of cells offers. */
  readonly offer: (box: NonNullable<Over['box']>) => ReactNode;
}

export function HeatMap({ model, labels, marks, isOld, words, onOpen, children, offer }: HeatMapProps): JSX.Element {
  const { best, plateau, hovered } = marks;
  const reading = useReading(model, { start: best, onOpen });
  const { cursor, box, byKeys } = reading;
  const cells = useCanvas(
    'map',
    useCallback((sheet) => drawMap(sheet, model, labels), [model, labels]),
  );
  const over = useCanvas(
    'map-over',
    useCallback(
      (sheet) => drawOver(sheet, model, { best, plateau, hovered, cursor, box }),
      [model, best, plateau, hovered, cursor, box],
    ),
  );
  const focus = useRef<HTMLCanvasElement | null>(null);
  useKeys({ h: () => focus.current?.focus() });
  const text = cursor === null ? '' : words(cursor);
  return (
    <>
      <div className="map-canvas" data-old={isOld}>
        <canvas ref={cells} aria-hidden="true" />
        <canvas
          ref={(canvas) => {
            over.current = canvas;
            focus.current = canvas;
          }}
          tabIndex={0}
          role="application"
          aria-roledescription="heat map"
          aria-label={`${labels.y} by ${labels.x}. Arrow keys read cells, Enter opens the best variant of one, shift and arrow keys choose a rectangle.`}
          data-map
          {...reading.handlers}
        />
      </div>
      <p className="sr" role="status">
        {byKeys ? text : ''}
      </p>
      <div className="map-read" data-readout>
        {box === null ? (text === '' ? children : text) : offer(box)}
        {box !== null && (
          <button type="button" className="btn small" onClick={reading.clear}>
            Clear
          </button>
        )}
      </div>
    </>
  );
}
