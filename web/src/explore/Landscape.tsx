// The map of any two parameters: a winner means nothing without its surroundings.

import './explore.css';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type JSX } from 'react';
import { Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import type { NamedAxis } from '../words/axes.ts';
import type { Pair } from './axes.ts';
import { binnedWords, mapTable, type MapAxes } from './map/cells.ts';
import { ComingMap, ComingTools } from './map/ComingMap.tsx';
import { Held } from './map/Held.tsx';
import { MapFigure } from './map/MapFigure.tsx';
import { MapTools } from './map/MapTools.tsx';
import { askMap } from './queries.ts';
import { useExplored, type Explored, type ExploreProps } from './use-explored.ts';
import { nothingWords, stageWords } from './words.ts';

export function Landscape(props: ExploreProps): JSX.Element {
  const explored = useExplored(props);
  const { pair, axes, summary } = explored;
  if (axes.length === 0) {
    return (
      <Panel title="Landscape">
        <p className="ink-2">Nothing varies in stage 1: there is one point, and no map of it.</p>
      </Panel>
    );
  }
  if (pair !== null) return <PairLandscape {...props} explored={explored} pair={pair} />;
  return (
    <Panel title="Landscape" note={stageWords(props.request)} flush>
      {summary.isError ? (
        <Trouble what="The landscape could not be read" error={summary.error} onRetry={() => void summary.refetch()} />
      ) : (
        <div className="explore-body">
          <ComingTools held={axes.length - 2} />
          <ComingMap isLine={axes.length === 1} />
        </div>
      )}
    </Panel>
  );
}

interface PairProps extends ExploreProps {
  readonly explored: Explored;
  readonly pair: Pair;
}

function PairLandscape({ job, request, explored, pair }: PairProps): JSX.Element {
  const { axes, summary, address, change, hold } = explored;
  const isSample = request.spec['sample'] !== null && request.spec['sample'] !== undefined;
  const how = isSample && address.how === 'near' ? 'max' : address.how;
  const map = useQuery(askMap(job, { ...pair, how, hold }));
  const named = useMemo(() => namedPair(axes, pair, map.data?.x.key, map.data?.y?.key), [axes, pair, map.data]);
  const others = axes.filter(({ key, values }) => key !== pair.x && key !== pair.y && values.length > 0);
  const binned = map.data ? binnedWords(map.data, named) : '';
  const { data } = map;
  const note = binned === '' ? stageWords(request) : `${binned}; ${stageWords(request)}`;
  return (
    <Panel
      title="Landscape"
      note={<span title={note}>{note}</span>}
      busy={map.isPlaceholderData}
      tools={<ShowData what="the landscape" table={data ? () => mapTable(data, named) : null} />}
      flush
    >
      <div className="explore-body">
        <MapTools
          axes={axes}
          pair={pair}
          how={how}
          hasNear={!isSample}
          onPair={({ x, y }) => change({ x, y: y ?? '' })}
          onHow={(next) => change({ how: next })}
        />
        <Held axes={others} hold={hold} onHold={(next) => change({ hold: next })} />
        {map.isError && data === undefined && (
          <Trouble what="The map could not be read" error={map.error} onRetry={() => void map.refetch()} />
        )}
        {data === undefined && !map.isError && <ComingMap isLine={pair.y === null} />}
        {data !== undefined && data.scores === 0 && (
          <p className="ink-2">{nothingWords(job, summary.data?.units ?? 0)}</p>
        )}
        {data !== undefined && (data.scores > 0 || data.y !== null) && (
          <MapFigure
            job={job}
            request={request}
            explored={explored}
            asked={{ ...pair, how, hold }}
            map={data}
            named={named}
            isOld={map.isPlaceholderData}
          />
        )}
      </div>
    </Panel>
  );
}

/** Returns the axes of the map that is shown, which for a moment is the one before. */
function namedPair(axes: readonly NamedAxis[], pair: Pair, x = pair.x, y = pair.y ?? undefined): MapAxes {
  const find = (key: string): NamedAxis | undefined => axes.find((axis) => axis.key === key);
  const [first] = axes;
  const named = find(x) ?? first;
  if (named === undefined) throw new Error(`the job has no axis ${x}`);
  return { x: named, y: y === undefined ? null : (find(y) ?? null) };
}
