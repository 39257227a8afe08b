// One variant: how it earned its number, trade by trade, and whether the verdict is about it.

import './variant.css';
import { ApiError } from '@backtest-jobs/client';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo, type JSX } from 'react';
import { useLocation, useParams } from 'wouter';
import { chosen, compareAddress } from '../compare/chosen.ts';
import { useAddress } from '../lib/address.ts';
import { useKeys } from '../lib/keys.ts';
import { flag, index, oneOf, text } from '../lib/search.ts';
import { NotFound } from '../parts/NotFound.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { namedAxes, variantText } from '../words/axes.ts';
import { AgainPanel } from './AgainPanel.tsx';
import { CandlesPanel } from './CandlesPanel.tsx';
import { curveOf } from './curve.ts';
import { EquityPanel } from './EquityPanel.tsx';
import { Figures } from './Figures.tsx';
import { Head } from './Head.tsx';
import { marketOf } from './market.ts';
import { MonteCarloPanel } from './MonteCarloPanel.tsx';
import { joinMonths } from './months.ts';
import { MonthsPanel } from './MonthsPanel.tsx';
import { reportOf, requestOf, rowOf, statusOf, type Report, type Request } from './queries.ts';
import { ReportPanel } from './ReportPanel.tsx';
import { Strip } from './Strip.tsx';
import { allTrades, chosenTrades, stepTrade } from './trades.ts';
import { tableOf, TradesPanel } from './TradesPanel.tsx';

const FIELDS = {
  log: flag(),
  trade: index(),
  trades: oneOf(['all', 'won', 'lost', 'stopped'], 'all'),
  from: text(),
  to: text(),
};

export default function VariantPage(): JSX.Element {
  const { job_id = '', variant_index = '' } = useParams();
  if (!/^\d{1,15}$/.test(variant_index)) return <NotFound what={`No variant has the number ${variant_index}.`} />;
  return <Variant key={`${job_id} ${variant_index}`} job_id={job_id} variant_index={Number(variant_index)} />;
}

interface VariantProps {
  readonly job_id: string;
  readonly variant_index: number;
}

function Variant({ job_id, variant_index }: VariantProps): JSX.Element {
  const status = useQuery(statusOf(job_id));
  const request = useQuery(requestOf(job_id));
  const report = useQuery(reportOf(job_id, variant_index));
  const row = useQuery(rowOf(job_id, variant_index));
  const trades = useMemo(
    () => report.data && allTrades(report.data.trades, report.data.out_of_sample?.trades ?? []),
    [report.data],
  );
  const title = request.data ? variantText(namedAxes(request.data), variant_index) : `Variant ${variant_index}`;
  const jobName = status.data?.name ?? 'Job';
  if (isMissing(status.error)) return <NotFound what="There is no such job." />;
  if (isMissing(report.error) || (request.data && variant_index >= countOf(request.data)))
    return <NotFound what={`The job has no variant ${variant_index}.`} />;
  return (
    <>
      <title>{`${title} · ${jobName} · Backtest Jobs`}</title>
      <Head
        {...{ job_id, variant_index, jobName, title }}
        request={request.data}
        report={report.data}
        trades={trades ? tableOf(trades) : null}
      />
      {status.error && !status.data ? (
        <div className="panel">
          <Trouble what="The job could not be read" error={status.error} onRetry={() => void status.refetch()} />
        </div>
      ) : status.data ? (
        <Strip status={status.data} variant_index={variant_index} row={row.data} report={report.data} />
      ) : (
        <div className="strip tone-none" aria-busy="true" />
      )}
      {report.error ? (
        <div className="panel">
          <Trouble what="The variant could not be run" error={report.error} onRetry={() => void report.refetch()} />
        </div>
      ) : (
        <>
          <Figures report={report.data} />
          <Parts {...{ job_id, variant_index, trades }} report={report.data} request={request} />
        </>
      )}
    </>
  );
}

interface PartsProps extends VariantProps {
  readonly report: Report | undefined;
  readonly request: UseQueryResult<Request>;
  readonly trades: ReturnType<typeof allTrades> | undefined;
}

function Parts({ job_id, variant_index, report, request, trades = [] }: PartsProps): JSX.Element {
  const [{ log, trade: n, trades: which, from, to }, change] = useAddress(FIELDS);
  const [, navigate] = useLocation();
  const curve = useMemo(() => (report ? curveOf(report) : null), [report]);
  const market = useMemo(
    () => (report && request.data ? marketOf(report, request.data) : null),
    [report, request.data],
  );
  const months = useMemo(() => report && joinMonths(report.monthly, report.out_of_sample?.monthly ?? []), [report]);
  const shown = useMemo(() => chosenTrades(trades, which), [trades, which]);
  const range = useMemo(() => rangeOf(from, to), [from, to]);
  // Another trade is another place on the candles.
  const choose = (next: number | null): void => {
    if (next !== null) change({ trade: next, from: '', to: '' });
  };
  const step = (by: 1 | -1): void => choose(stepTrade(shown, n, by));
  useKeys({
    ',': () => step(-1),
    '.': () => step(1),
    c: () => chosen.get().length > 1 && navigate(compareAddress(chosen.get())),
  });
  return (
    <div className="variant">
      <div className="column">
        <EquityPanel curve={curve} log={log} onLog={(next) => change({ log: next })} />
        {market === null ? (
          <Panel title="Trades on the candles" busy={!request.error}>
            {request.error ? (
              <Trouble
                what="The spec of the job could not be read"
                error={request.error}
                onRetry={() => void request.refetch()}
              />
            ) : (
              <Coming height={PLACES.candles} />
            )}
          </Panel>
        ) : (
          <CandlesPanel
            market={market}
            trades={trades}
            trade={trades.find((one) => one.n === n) ?? null}
            range={range}
            onRange={({ start, end }) => change({ from: minuteOf(start), to: minuteOf(end) })}
            onStep={step}
          />
        )}
        {report === undefined ? (
          <Panel title="Trades" busy>
            <Coming height={PLACES.trades} />
          </Panel>
        ) : (
          <TradesPanel
            {...{ shown, which }}
            total={trades.length}
            chosen={n}
            daily={market?.timeframe === '1d'}
            onWhich={(next) => change({ trades: next })}
            onChoose={choose}
          />
        )}
      </div>
      <div className="column side">
        <ReportPanel report={report} />
        {months && <MonthsPanel months={months} />}
        {report && <MonteCarloPanel luck={report.monte_carlo} />}
        {report && <AgainPanel {...{ job_id, variant_index, report }} />}
      </div>
    </div>
  );
}

/** Heights of what comes, so that nothing below moves. */
const PLACES = { candles: 484, trades: 412 } as const;

const countOf = ({ combinations, risk_settings }: Request): number => combinations * risk_settings;

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

const minuteOf = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

function rangeOf(from: string, to: string): { start: number; end: number } | null {
  const [start, end] = [Date.parse(`${from}Z`), Date.parse(`${to}Z`)];
  return end > start ? { start, end } : null;
}
