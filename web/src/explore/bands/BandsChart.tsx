import { useCallback, useState, type JSX, type ReactNode } from 'react';
import { useCanvas } from '../canvas/use-canvas.ts';
import { useWidth } from '../canvas/use-width.ts';
import { AxisName, BrushEnds } from './AxisControls.tsx';
import type { BinRange } from './brushes.ts';
import { drawBands, drawBandsOver, type BandsOver } from './draw-bands.ts';
import { bandsFrame } from './layout.ts';
import { binWords, type BandsModel } from './model.ts';
import { useBrushing, type ReadBin } from './use-brushing.ts';

interface BandsChartProps extends Pick<BandsOver, 'brushes' | 'scoreRange' | 'hovered'> {
  readonly model: BandsModel;
  readonly isOld: boolean;
  readonly onBrush: (axis: number, range: BinRange | null) => void;
  readonly onMove: (from: number, to: number) => void;
  readonly onFlip: (at: number) => void;
  /** The brushes in words. */
  readonly children: ReactNode;
}

const HEIGHT = 316;

export function BandsChart(props: BandsChartProps): JSX.Element {
  const { model, brushes, scoreRange, hovered, isOld, onBrush, onMove, onFlip } = props;
  const [measure, width] = useWidth();
  const [byKeys, setByKeys] = useState<ReadBin | null>(null);
  const { read: byPointer, handlers } = useBrushing(model, onBrush);
  const read = byPointer ?? byKeys;
  const curves = useCanvas(
    'bands',
    useCallback((sheet) => drawBands(sheet, model), [model]),
  );
  const over = useCanvas(
    'bands-over',
    useCallback(
      (sheet) => drawBandsOver(sheet, model, { brushes, scoreRange, hovered, read }),
      [model, brushes, scoreRange, hovered, read],
    ),
  );
  const frame = bandsFrame(model.axes.length, width, HEIGHT);
  const axis = read && model.axes[read.axis];
  const text = read && axis ? binWords(axis, Math.min(read.bin, axis.bins - 1)) : '';
  return (
    <>
      {/* Many axes need more width than a phone has: then this scrolls, not the page. */}
      <div className="bands-scroll">
        <div className="bands" style={{ minWidth: model.axes.length * 84 }} ref={measure} data-old={isOld}>
          <div className="band-names">
            {model.axes.map((one, at) => (
              <AxisName
                key={one.key}
                frame={frame}
                at={at}
                axis={one}
                onMove={(to) => onMove(at, to)}
                onFlip={() => onFlip(at)}
              />
            ))}
          </div>
          <div className="bands-canvas" style={{ height: HEIGHT }} data-bands {...handlers}>
            <canvas ref={curves} aria-hidden="true" />
            <canvas
              ref={over}
              role="img"
              aria-label={`Counts of matched variants between ${model.axes.map(({ label }) => label).join(', ')}`}
            />
            {width > 0 &&
              model.axes.map((one, at) => (
                <BrushEnds
                  key={one.key}
                  frame={frame}
                  at={at}
                  axis={one}
                  brush={brushes[at] ?? null}
                  onBrush={(range) => onBrush(at, range)}
                  onRead={(bin) => setByKeys(bin === null ? null : { axis: at, bin })}
                />
              ))}
          </div>
        </div>
      </div>
      <p className="sr" role="status">
        {byPointer === null && byKeys !== null ? text : ''}
      </p>
      <div className="bands-read">
        {props.children}
        <span className="grow" />
        <span data-readout>{text}</span>
      </div>
    </>
  );
}
