import type { Schemas, SurfaceMap } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type JSX } from 'react';
import { Link, useLocation } from 'wouter';
import { hovered } from '../../job/hovered.ts';
import { useStore } from '../../lib/store.ts';
import { say } from '../../parts/notices.tsx';
import { wordsOf } from '../../parts/Trouble.tsx';
import { variantText, namedAxes } from '../../words/axes.ts';
import { metricText } from '../../words/metrics.ts';
import { binOfVariant, isHeld } from '../axes.ts';
import { plateauOf } from '../holding.ts';
import { askCell, askMap, type MapAsked } from '../queries.ts';
import type { Explored } from '../use-explored.ts';
import { quantileAt } from '../words.ts';
import { boxWords, cellWords, refineAddress, type MapAxes } from './cells.ts';
import type { Place } from './frame.ts';
import { HeatMap } from './HeatMap.tsx';
import { Legend, type MarkName } from './Legend.tsx';
import { LineChart } from './LineChart.tsx';
import { modelOf } from './model.ts';

interface MapFigureProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'];
  readonly explored: Explored;
  readonly asked: MapAsked;
  readonly map: SurfaceMap;
  readonly named: MapAxes;
  readonly isOld: boolean;
}

export function MapFigure(props: MapFigureProps): JSX.Element {
  const { explored, map, named, isOld } = props;
  const { summary, holding } = explored;
  const typical = (summary.data && quantileAt(summary.data, 0.5)) ?? NaN;
  const sign = summary.data?.better === 'lower' ? -1 : 1;
  const model = useMemo(() => modelOf(map, { sign, typical, holding }), [map, sign, typical, holding]);
  const marks = useMarks(props);
  const open = useOpening(props);
  const labels = useMemo(() => ({ x: named.x.label, y: named.y?.label ?? '' }), [named]);
  const { plateau } = marks;
  const shown: readonly MarkName[] = [
    ...(marks.best ? (['best'] as const) : []),
    ...(plateau.place ? (['plateau'] as const) : []),
    ...(model.holding === null ? [] : (['beats hold'] as const)),
    ...(model.nearBest.length > 0 ? (['near the best'] as const) : []),
  ];
  const about = <PlateauWords {...props} plateau={plateau} />;
  if (named.y === null) {
    return (
      <LineChart model={model} axis={named.x} best={marks.best} isOld={isOld} onOpen={open}>
        {about}
      </LineChart>
    );
  }
  return (
    <>
      <HeatMap
        model={model}
        labels={labels}
        marks={{ best: marks.best, plateau: plateau.place, hovered: marks.hovered }}
        isOld={isOld}
        words={(place) => cellWords(map, named, place)}
        onOpen={open}
        offer={(box) => (
          <>
            <span>{boxWords(map, named, box)}</span>
            <Link className="link" href={refineAddress(props.job.job_id, { map, box }, explored.hold)}>
              Refine here
            </Link>
          </>
        )}
      >
        {about}
      </HeatMap>
      <Legend model={model} marks={shown} />
    </>
  );
}

interface Plateau {
  readonly variant_index: number | null;
  readonly near: number | null;
  readonly place: Place | null;
}

/** Finds the cells of the best, of the middle of the best neighbourhood, and of the variant under the pointer. */
function useMarks({ job, explored, asked, map, named, isOld }: MapFigureProps) {
  const { axes, hold, winner, summary } = explored;
  const told = plateauOf(job);
  const wantsNear = told === undefined && job.state === 'succeeded' && summary.data?.scores !== 0;
  const near = useQuery({ ...askMap(job, { ...asked, how: 'near' }), enabled: wantsNear && !isOld, retry: false });
  const around = told ?? near.data?.best ?? null;
  const nearValue = told?.near ?? near.data?.best?.value ?? null;
  const pointed = useStore(hovered);
  const at = (index: number | null): Place | null => {
    if (index === null || !isHeld(axes, hold, index)) return null;
    const i = binOfVariant(named.x, index, map.x.from.length);
    const j = named.y && map.y ? binOfVariant(named.y, index, map.y.from.length) : 0;
    return { i, j };
  };
  const inSlice = map.how === 'max' && map.best ? { i: map.best.x, j: map.best.y } : null;
  const best = at(winner) ?? inSlice;
  const place = map.how === 'near' && map.best ? { i: map.best.x, j: map.best.y } : at(around?.variant_index ?? null);
  const plateau: Plateau = {
    variant_index: around?.variant_index ?? null,
    near: typeof nearValue === 'number' ? nearValue : null,
    place,
  };
  return {
    best: useStable(best),
    hovered: useStable(at(pointed)),
    plateau: { ...plateau, place: useStable(place) },
  };
}

/** Keeps a cell the same object while it is the same cell, so that nothing is drawn for it. */
function useStable(place: Place | null): Place | null {
  const [i, j] = [place?.i, place?.j];
  return useMemo(() => (i === undefined || j === undefined ? null : { i, j }), [i, j]);
}

/** Opens the best variant of a cell. */
function useOpening({ job, asked, map, isOld }: MapFigureProps): (place: Place) => void {
  const [, navigate] = useLocation();
  return ({ i, j }) => {
    if (isOld || Number.isNaN(map.cells[j * map.x.from.length + i])) return;
    askCell(job.job_id, { ...asked, i, j }).then(
      ({ best }) => best && navigate(`/jobs/${job.job_id}/variants/${best.variant_index}`),
      (error: unknown) => say(`The best variant of the cell was not found: ${wordsOf(error)}`),
    );
  };
}

function PlateauWords({ request, map, plateau }: MapFigureProps & { readonly plateau: Plateau }): JSX.Element {
  const axes = namedAxes(request);
  if (plateau.variant_index === null || plateau.place === null) {
    return <span className="ink-3">Hover or arrow keys read a cell, a click opens it, a drag refines.</span>;
  }
  return (
    <span>
      Plateau:{' '}
      {variantText(
        axes.filter(({ isRisk }) => !isRisk),
        plateau.variant_index,
      )}
      {plateau.near !== null && (
        <>
          , around it <b>{metricText(map.metric, plateau.near)}</b>
        </>
      )}
    </span>
  );
}
