// Parallel coordinates of all variants as counts: which values the best have in common.

import './explore.css';
import type { Schemas } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type JSX } from 'react';
import { hovered } from '../job/hovered.ts';
import { useStore } from '../lib/store.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Segments } from '../parts/Segments.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { count } from '../words/format.ts';
import { metricText } from '../words/metrics.ts';
import { binOfVariant } from './axes.ts';
import { BandsChart } from './bands/BandsChart.tsx';
import {
  binsIn,
  flipped,
  movedTo,
  orderText,
  rangeOfBins,
  rangeText,
  rangeWords,
  type BinRange,
} from './bands/brushes.ts';
import { bandsModel, bandsTable, scoreShare } from './bands/model.ts';
import { usualOrder, wantedOf, type Wanted } from './bands/wanted.ts';
import { askBands, type BandsAsked } from './queries.ts';
import { useExplored, type Explored, type ExploreProps } from './use-explored.ts';
import { nothingWords } from './words.ts';

const TITLE = 'Where the best live';

export function WhereTheBestLive(props: ExploreProps): JSX.Element {
  const explored = useExplored(props);
  const { summary, axes } = explored;
  const { data } = summary;
  if (data !== undefined && data.scores > 0 && axes.length > 0) {
    return <Bands {...props} explored={explored} summary={data} />;
  }
  return (
    <Panel title={TITLE} flush>
      <div className="explore-body">
        {axes.length === 0 && <p className="ink-2">No parameter varies in stage 1.</p>}
        {summary.isError && data === undefined && (
          <Trouble what="The bands could not be read" error={summary.error} onRetry={() => void summary.refetch()} />
        )}
        {data === undefined && !summary.isError && axes.length > 0 && <Coming height={362} />}
        {data?.scores === 0 && axes.length > 0 && <p className="ink-2">{nothingWords(props.job, data.units)}</p>}
      </div>
    </Panel>
  );
}

interface BandsProps extends ExploreProps {
  readonly explored: Explored;
  readonly summary: Schemas['SurfaceSummary'];
}

function Bands({ job, explored, summary }: BandsProps): JSX.Element {
  const { axes, metric, address, change } = explored;
  const wanted = useMemo(() => wantedOf(address, axes, summary), [address, axes, summary]);
  const { placed, isScoreBrushed, options } = wanted;
  const bands = useLatest(job, wanted.asked);
  const { data } = bands;
  const { model, brushes, scoreRange, line } = useDrawn(data, wanted, { axes, summary });

  const put = (key: string, text: string | null): void => {
    const { [key]: _, ...others } = address.brush;
    change({ brush: text === null ? others : { ...others, [key]: text } });
  };
  const onBrush = (at: number, range: BinRange | null): void => {
    const axis = model?.axes[at];
    if (axis === undefined) return;
    // A click on the score shows all of them.
    if (axis.isScore && range === null && !isScoreBrushed) change({ share: '1' });
    else put(axis.key, range === null ? null : rangeText(rangeOfBins(axis, range)));
  };
  const keys = usualOrder(axes);
  const reorder = (next: typeof placed): void => change({ order: orderText(next, keys) });
  const chips = Object.entries(wanted.asked.brush).map(([key, range]) => {
    const label = axes.find((axis) => axis.key === key)?.label ?? key;
    return { key, words: `${label} ${rangeWords(range)}` };
  });
  return (
    <Panel
      className="bands-panel"
      title={TITLE}
      note={data && `${matchedWords(data.matched, wanted, metric)}; drag on an axis to narrow`}
      busy={bands.isOld}
      tools={
        <>
          <Segments
            small
            label="How much counts as the best"
            value={isScoreBrushed ? '' : address.share}
            options={options}
            onChange={(share) => {
              const { [metric]: _, ...others } = address.brush;
              if (share !== '') change({ share, brush: others });
            }}
          />
          <ShowData what="where the best live" table={data && model ? () => bandsTable(model, data.between) : null} />
        </>
      }
      flush
    >
      <div className="explore-body">
        {bands.isError && data === undefined && (
          <Trouble what="The bands could not be read" error={bands.error} onRetry={() => void bands.refetch()} />
        )}
        {data === undefined && !bands.isError && <Coming height={362} />}
        {model && (
          <BandsChart
            model={model}
            brushes={brushes}
            scoreRange={scoreRange}
            hovered={line}
            isOld={bands.isOld}
            onBrush={onBrush}
            onMove={(from, to) => reorder(movedTo(placed, from, to))}
            onFlip={(at) => reorder(flipped(placed, at))}
          >
            <Chips chips={chips} onRemove={(key) => put(key, null)} />
          </BandsChart>
        )}
      </div>
    </Panel>
  );
}

interface Known {
  readonly axes: Explored['axes'];
  readonly summary: Schemas['SurfaceSummary'];
}

/** Makes what is drawn of an answer; each part stays the same object while it says the same. */
function useDrawn(data: Schemas['SurfaceBands'] | undefined, wanted: Wanted, { axes, summary }: Known) {
  const { placed } = wanted;
  const isLower = summary.better === 'lower';
  const model = useMemo(() => {
    const isFlipped = (key: string): boolean => placed.some((one) => one.key === key && one.isFlipped);
    return data && bandsModel(data, { named: axes, isFlipped, isLower });
  }, [data, axes, placed, isLower]);
  const bounds = useMemo(() => scoreBounds(wanted, summary), [wanted, summary]);
  const brushes = useMemo(
    () =>
      (model?.axes ?? []).map((axis): BinRange | null => {
        const range = axis.isScore ? bounds : wanted.asked.brush[axis.key];
        return (range && binsIn(axis, range)) ?? null;
      }),
    [model, wanted, bounds],
  );
  const scoreRange = useMemo(
    () => (data && bounds ? ([scoreShare(data.score, bounds[0]), scoreShare(data.score, bounds[1])] as const) : null),
    [data, bounds],
  );
  const pointed = useStore(hovered);
  const line = useMemo(() => {
    if (pointed === null || model === undefined) return null;
    return model.axes.flatMap(({ named, bins }) => (named ? [binOfVariant(named, pointed, bins)] : []));
  }, [pointed, model]);
  return { model, brushes, scoreRange, line };
}

interface ChipsProps {
  readonly chips: readonly { readonly key: string; readonly words: string }[];
  readonly onRemove: (key: string) => void;
}

/** The brushes in words; each is taken off by its chip. */
function Chips({ chips, onRemove }: ChipsProps): JSX.Element {
  return (
    <>
      {chips.map(({ key, words }) => (
        <button
          key={key}
          type="button"
          className="chip"
          data-brush={key}
          aria-label={`Remove ${words}`}
          onClick={() => onRemove(key)}
        >
          {words} ×
        </button>
      ))}
    </>
  );
}

/** Returns from where to where scores match; undefined: everywhere. */
function scoreBounds(
  { asked: { min, max } }: Wanted,
  { quantiles }: Schemas['SurfaceSummary'],
): readonly [number, number] | undefined {
  if (min === null && max === null) return undefined;
  return [min ?? finiteOr(quantiles[0]?.value, -Infinity), max ?? finiteOr(quantiles.at(-1)?.value, Infinity)];
}

const finiteOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

function matchedWords(matched: number, { asked: { min, max } }: Wanted, metric: string): string {
  const variants = `${count(matched)} ${matched === 1 ? 'variant' : 'variants'}`;
  if (min !== null && max !== null) return `${variants} from ${metricText(metric, min)} to ${metricText(metric, max)}`;
  if (min !== null) return `${variants} with ${metricText(metric, min)} or more`;
  return max === null ? variants : `${variants} with ${metricText(metric, max)} or less`;
}

/** Asks for bands: while an answer is under way, the next question waits, and only the last one is asked. */
function useLatest(job: Schemas['JobStatus'], wanted: BandsAsked) {
  const [asked, ask] = useState(wanted);
  const bands = useQuery(askBands(job, asked));
  const isLast = JSON.stringify(asked) === JSON.stringify(wanted);
  useEffect(() => {
    if (!isLast && !bands.isFetching) ask(wanted);
  }, [isLast, bands.isFetching, wanted]);
  return { ...bands, isOld: !isLast || bands.isPlaceholderData };
}
