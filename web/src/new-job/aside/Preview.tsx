// How a variant in the middle of the grid, or one that is drawn, would trade on the last bars.

import type { Spec } from '@backtest-jobs/engine';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type JSX } from 'react';
import { Coming, Panel } from '../../parts/Panel.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { axisValue, count } from '../../words/format.ts';
import { ask, Superseded } from '../engine/engine.ts';
import type { Preview as Drawn } from '../engine/preview.ts';
import { readBars } from '../queries.ts';
import { barsFor } from './bars.ts';
import { PreviewData } from './PreviewData.tsx';

const PreviewChart = lazy(() => import('./PreviewChart.tsx').then((all) => ({ default: all.PreviewChart })));

export function Preview({ sound, isOld }: { readonly sound: Spec | null; readonly isOld: boolean }): JSX.Element {
  const [seed, setSeed] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const bars = useQuery(readBars(barsFor(sound)));
  const { drawn, failure } = usePreview(sound, bars.data ?? null, seed);
  const tools = (
    <>
      <button type="button" className="btn quiet small" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
        Show data
      </button>
      {seed !== null && (
        <button type="button" className="btn quiet small" onClick={() => setSeed(null)}>
          Middle
        </button>
      )}
      <button
        type="button"
        className="btn quiet small icon"
        aria-label="Draw another variant"
        title="Draw another variant"
        onClick={() => setSeed((now) => (now ?? 0) + 1)}
      >
        <Sign name="die" />
      </button>
    </>
  );
  return (
    <Panel
      title="Preview"
      note={seed === null ? 'the middle of every axis' : 'a variant drawn at random'}
      tools={tools}
      busy={isOld}
      flush
      className="preview"
    >
      {bars.error ? (
        <Trouble what="The candles could not be read" error={bars.error} onRetry={() => void bars.refetch()} />
      ) : failure !== null ? (
        <p className="nothing ink-2">{failure}</p>
      ) : drawn === null ? (
        <div className="chart">
          <Coming height={250} />
        </div>
      ) : isTable ? (
        <PreviewData drawn={drawn} />
      ) : (
        <Suspense fallback={<div className="chart" />}>
          <PreviewChart drawn={drawn} />
        </Suspense>
      )}
      {failure === null && (drawn ? <Legend drawn={drawn} /> : <p className="legend">&nbsp;</p>)}
    </Panel>
  );
}

interface PreviewState {
  readonly drawn: Drawn | null;
  readonly failure: string | null;
}

function usePreview(sound: Spec | null, candles: Drawn['candles'] | null, seed: number | null): PreviewState {
  const [state, setState] = useState<PreviewState>({ drawn: null, failure: null });
  useEffect(() => {
    if (sound === null || candles === null) return undefined;
    let isCurrent = true;
    const take = (drawn: Drawn | null): void => {
      if (isCurrent)
        setState({ drawn, failure: drawn === null ? 'No combination of these values makes sense.' : null });
    };
    const fail = (error: unknown): void => {
      if (isCurrent && !(error instanceof Superseded))
        setState({ drawn: null, failure: error instanceof Error ? error.message : String(error) });
    };
    void ask('preview', { spec: sound, candles, seed }).then(take, fail);
    return () => {
      isCurrent = false;
    };
  }, [sound, candles, seed]);
  return state;
}

function Legend({ drawn }: { readonly drawn: Drawn }): JSX.Element {
  const { values, entries, candles } = drawn;
  const longs = entries.filter(({ side }) => side > 0).length;
  const shorts = entries.length - longs;
  return (
    <p className="legend">
      <span>
        {values.map(([key, value]) => `${shortKey(key)} ${axisValue(value)}`).join(', ') || 'the only variant'}
      </span>
      <span className="grow" />
      {(longs > 0 || shorts === 0) && (
        <span className="nowrap">
          <i className="swatch long" /> long <b className="num">{count(longs)}</b>
        </span>
      )}
      {shorts > 0 && (
        <span className="nowrap">
          <i className="swatch short" /> short <b className="num">{count(shorts)}</b>
        </span>
      )}
      <span className="nowrap">entries in {count(candles.time.length)} bars</span>
      <a
        className="link"
        href="https://www.tradingview.com/"
        rel="noreferrer noopener"
        target="_blank"
        title="The chart is drawn by Lightweight Charts of TradingView"
      >
        TradingView
      </a>
    </p>
  );
}

/** Writes the key of an axis short: `momentum.rsi.window` is "RSI window". */
function shortKey(key: string): string {
  const parts = key.split('.');
  const name = (parts.at(-1) ?? key).replace('long_threshold', 'long at').replace('short_threshold', 'short at');
  return parts.length < 3 ? name : `${(parts.at(-2) ?? '').toUpperCase()} ${name.replaceAll('_', ' ')}`;
}
