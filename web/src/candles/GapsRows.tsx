import type { Schemas } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { Coming } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { count, minute } from '../words/format.ts';
import { gapWords } from './ledger.ts';
import { askCoverage } from './queries.ts';

type Coverage = Schemas['CoverageList']['items'][number];

interface GapsRowsProps {
  readonly market_id: number;
  readonly symbol: string;
}

/** What is missing in the series of an instrument. */
export function GapsRows({ market_id, symbol }: GapsRowsProps): JSX.Element {
  const asked = useQuery(askCoverage(market_id, symbol));
  if (asked.data)
    return (
      <>
        {asked.data.items.map((one) => (
          <GapsRow key={one.interval} series={one} />
        ))}
      </>
    );
  return (
    <Row>
      {asked.error ? (
        <Trouble what="The gaps could not be counted" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Coming height={30} />
      )}
    </Row>
  );
}

function GapsRow({
  series: { interval, gaps, present, expected, split_jumps },
}: {
  readonly series: Coverage;
}): JSX.Element {
  return (
    <Row>
      <b>{interval}</b>:{' '}
      {gaps === null
        ? `${count(present)} bars; gaps are not known in a market with sessions`
        : `${count(present)} of ${count(expected)} bars; gaps: ${gapWords(gaps.count, gaps.missing)}`}
      {split_jumps !== null && split_jumps.count > 0 && (
        <span className="caution">
          ; {count(split_jumps.count)} {split_jumps.count === 1 ? 'jump' : 'jumps'} like a split without adjusted prices
        </span>
      )}
      {gaps !== null && gaps.longest.length > 0 && (
        <ul className="gaps">
          {gaps.longest.map(({ start, end, missing }) => (
            <li key={start} className="num">
              {minute(start)} to {minute(end)}: {count(missing)} missing
            </li>
          ))}
        </ul>
      )}
    </Row>
  );
}

function Row({ children }: { readonly children: ReactNode }): JSX.Element {
  return (
    <tr className="gaps-row">
      <td colSpan={8}>{children}</td>
    </tr>
  );
}
