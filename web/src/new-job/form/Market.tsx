// What is searched: an instrument that has candles, a timeframe that they give, and a range of time.

import { TIMEFRAMES, type Timeframe } from '@backtest-jobs/engine';
import { useQuery } from '@tanstack/react-query';
import { useId, type JSX } from 'react';
import { Segments } from '../../parts/Segments.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { modeOf } from '../draft/draft.ts';
import { at, textOf } from '../draft/plain.ts';
import { readCoverage, type Coverage, type Instrument } from '../queries.ts';
import { Row } from './fields.tsx';
import { useField, useForm } from './form.ts';
import { InstrumentPicker } from './InstrumentPicker.tsx';
import { RangeBar } from './RangeBar.tsx';

export function Market(): JSX.Element {
  const form = useForm();
  const instrument = instrumentOf(form);
  const coverage = useQuery(readCoverage(instrument.market_id, instrument.symbol));
  const series = coverage.data ?? knownSeries(form.instruments, instrument);
  const isSaved = modeOf(form.spec) === 'saved';
  return (
    <fieldset>
      <legend>Market</legend>
      {isSaved ? (
        <Row label="Instrument">
          <span>{form.sound ? `${instrument.symbol}, ${form.sound.template.timeframe}` : 'that of the strategy'}</span>
        </Row>
      ) : (
        <InstrumentRow series={series} />
      )}
      <TimeRange series={series} />
      {coverage.error && (
        <Trouble
          what="The candles could not be counted"
          error={coverage.error}
          onRetry={() => void coverage.refetch()}
        />
      )}
    </fieldset>
  );
}

/** Returns what the list of instruments says of one, until its candles are counted. */
function knownSeries(instruments: readonly Instrument[], { market_id, symbol }: Named): Coverage {
  const found = instruments.find((one) => one.market_id === market_id && one.symbol === symbol);
  return (found?.series ?? []).map(({ interval, start, end, rows }) => ({
    market_id,
    symbol,
    interval,
    start,
    end,
    rows,
    present: null,
    expected: null,
    gaps: null,
    split_jumps: null,
  }));
}

interface Named {
  readonly market_id: number;
  readonly symbol: string;
}

/** Returns the instrument of the draft; of a saved strategy that of its template. */
function instrumentOf({ spec, sound }: ReturnType<typeof useForm>): Named {
  const own = modeOf(spec) === 'saved' ? sound?.template.instrument_id : at(spec, ['template', 'instrument_id']);
  const market_id = Number(at(own, ['market_id']) ?? 0);
  const symbol = at(own, ['symbol']);
  return { market_id, symbol: typeof symbol === 'string' ? symbol : '' };
}

/** Returns the timeframes that some candles can be rolled up to. */
function timeframesOf(series: Coverage): readonly Timeframe[] {
  const all = Object.entries(TIMEFRAMES) as readonly (readonly [Timeframe, number])[];
  return all
    .filter(([, length]) => series.some(({ interval }) => length % TIMEFRAMES[interval] === 0))
    .map(([name]) => name);
}

function InstrumentRow({ series }: { readonly series: Coverage }): JSX.Element {
  const { runtime, edit, spec } = useForm();
  const id = useId();
  const instrument = useField(['template', 'instrument_id']);
  const timeframe = useField(['template', 'timeframe']);
  const there = timeframesOf(series);
  const market = at(instrument.value, ['market_id']);
  const symbol = at(instrument.value, ['symbol']);
  return (
    <Row label="Instrument" htmlFor={id} paths={['template.instrument_id', 'template.timeframe']}>
      <span className="combo" data-path="template.instrument_id">
        <InstrumentPicker
          id={id}
          symbol={typeof symbol === 'string' ? symbol : ''}
          note={runtime.markets[textOf(market)]?.name ?? ''}
          aria={instrument.aria}
          onPick={(one) => {
            edit(['template', 'instrument_id'], { market_id: one.market_id, symbol: one.symbol });
            const fits = timeframesOf(one.series as never);
            const now = at(spec, ['template', 'timeframe']);
            const [first] = fits;
            if (first !== undefined && !fits.some((name) => name === now))
              edit(['template', 'timeframe'], fits.find((name) => name === '1h') ?? first);
          }}
        />
      </span>
      <span data-path="template.timeframe">
        {there.length > 1 ? (
          <Segments
            small
            label="Timeframe"
            value={(timeframe.value ?? '1d') as Timeframe}
            options={there.map((name) => [name, name] as const)}
            onChange={timeframe.set}
          />
        ) : (
          <span className="ink-3">{there.length === 1 ? `only ${there[0]} is there` : ''}</span>
        )}
      </span>
    </Row>
  );
}

const PRESETS = [
  ['all', 'All'],
  ['10', '10 y'],
  ['5', '5 y'],
  ['2', '2 y'],
] as const;
type Preset = (typeof PRESETS)[number][0] | 'own';

function TimeRange({ series }: { readonly series: Coverage }): JSX.Element {
  const { edit, spec } = useForm();
  const id = useId();
  const [start, end] = spanOf(series);
  const now = [at(spec, ['time_range', 'start']), at(spec, ['time_range', 'end'])].map((one) =>
    textOf(one).slice(0, 10),
  );
  const rangeOf = (preset: Preset): readonly [string, string] =>
    preset === 'all' ? [start, end] : [laterOf(yearsBefore(end, Number(preset)), start), end];
  const chosen = PRESETS.find(([preset]) => start !== '' && rangeOf(preset).join() === now.join())?.[0] ?? 'own';
  const choose = (preset: Preset): void => {
    const [from, to] = rangeOf(preset);
    edit(['time_range'], { start: `${from}T00:00:00Z`, end: `${to}T00:00:00Z` });
  };
  return (
    <Row label="Range" htmlFor={id} paths={['time_range', 'time_range.start', 'time_range.end']}>
      <DateInput id={id} name="start" label="From" />
      <em>to</em>
      <DateInput name="end" label="To" />
      {start !== '' && <Segments<Preset> small label="Range" value={chosen} options={PRESETS} onChange={choose} />}
      <RangeBar series={series} />
    </Row>
  );
}

function DateInput({
  id,
  name,
  label,
}: {
  readonly id?: string;
  readonly name: 'start' | 'end';
  readonly label: string;
}): JSX.Element {
  const { value, set, aria, path } = useField(['time_range', name]);
  const text = typeof value === 'string' ? value.replace(/T00:00(:00(\.000)?)?Z$/, '') : '';
  return (
    <input
      {...(id !== undefined && { id })}
      {...aria}
      className="input num date"
      data-path={path}
      aria-label={label}
      placeholder="2020-01-31"
      autoComplete="off"
      value={text}
      onChange={({ target }) => {
        const typed = target.value.trim();
        set(typed === '' ? undefined : /^\d{4}-\d\d-\d\d$/.test(typed) ? `${typed}T00:00:00Z` : typed);
      }}
    />
  );
}

/** Returns the first and the last date of all candles of an instrument; empty where there are none. */
function spanOf(series: Coverage): readonly [string, string] {
  if (series.length === 0) return ['', ''];
  const starts = series.map(({ start }) => start.slice(0, 10)).sort();
  const ends = series.map(({ end }) => end.slice(0, 10)).sort();
  return [starts[0] ?? '', ends.at(-1) ?? ''];
}

function yearsBefore(date: string, years: number): string {
  return `${Number(date.slice(0, 4)) - years}${date.slice(4).replace('-02-29', '-02-28')}`;
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);
