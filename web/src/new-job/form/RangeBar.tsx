// The candles there are, what of them is searched, and what is held out (hatched).

import { TIMEFRAMES } from '@backtest-jobs/engine';
import type { JSX } from 'react';
import { count } from '../../words/format.ts';
import { textAt } from '../draft/plain.ts';
import type { Coverage } from '../queries.ts';
import { useForm } from './form.ts';

/** Returns the series that the bars are rolled up from: the one that reaches furthest. */
function seriesFor(series: Coverage, timeframe: string): Coverage[number] | null {
  const length = TIMEFRAMES[timeframe as keyof typeof TIMEFRAMES] ?? 0;
  const fits = series.filter(({ interval }) => length % TIMEFRAMES[interval] === 0);
  return fits.reduce<Coverage[number] | null>(
    (best, one) => (best === null || lengthOf(one) > lengthOf(best) ? one : best),
    null,
  );
}

const lengthOf = ({ start, end }: Coverage[number]): number => Date.parse(end) - Date.parse(start);

export function RangeBar({ series }: { readonly series: Coverage }): JSX.Element | null {
  const { spec, judgement, sound } = useForm();
  const timeframe = textAt(spec, ['template', 'timeframe']) || (sound?.template.timeframe ?? '1d');
  const there = seriesFor(series, timeframe);
  if (there === null) return null;
  const from = Date.parse(textAt(spec, ['time_range', 'start']));
  const to = Date.parse(textAt(spec, ['time_range', 'end']));
  const ends = [Date.parse(there.start), Date.parse(there.end), from, to].filter((one) => !Number.isNaN(one));
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const place = (time: number): number => (100 * (time - first)) / Math.max(1, last - first);
  const style = (a: number, b: number) => ({ left: `${place(a)}%`, width: `${Math.max(0, place(b) - place(a))}%` });
  const parts = judgement?.kind === 'sound' ? judgement.counts.parts : [{ from: 0, to: 1, isHeld: false }];
  const isRange = from < to;
  const words = wordsOf(there, parts.filter(({ isHeld }) => isHeld).length);
  return (
    <div
      className="cover"
      role="img"
      aria-label={`Candles from ${there.start.slice(0, 10)} to ${there.end.slice(0, 10)}: ${words}`}
    >
      <div className="track">
        <i className="have" style={style(Date.parse(there.start), Date.parse(there.end))} />
        {isRange &&
          parts.map((one) => (
            <i
              key={`${one.from} ${one.isHeld}`}
              className={one.isHeld ? 'held' : 'use'}
              style={style(from + one.from * (to - from), from + one.to * (to - from))}
            />
          ))}
        {(there.gaps?.longest ?? []).map((gap) => (
          <i key={gap.start} className="gap" style={style(Date.parse(gap.start), Date.parse(gap.end))} />
        ))}
      </div>
      <div className="scale num">
        <span>{new Date(first).toISOString().slice(0, 10)}</span>
        <span>{words}</span>
        <span>{new Date(last).toISOString().slice(0, 10)}</span>
      </div>
    </div>
  );
}

function wordsOf({ rows, present, gaps, interval }: Coverage[number], held: number): string {
  const bars = `${count(present ?? rows)} candles of ${interval}`;
  const missing = gaps === null ? '' : gaps.count === 0 ? ', none missing' : `, ${count(gaps.missing)} missing`;
  const after =
    held === 0
      ? ''
      : held === 1
        ? '; searched, then judged on the rest'
        : `; ${held} times: search, then judge on what follows`;
  return `${bars}${missing}${after}`;
}
