import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type JSX } from 'react';
import { Link } from 'wouter';
import { whoIsHere } from '../account/who.ts';
import { KEYS } from '../live/cache.ts';
import { say } from '../parts/notices.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { bothClocks, count, date, minute } from '../words/format.ts';
import { accidentsOf, bytesWords, ledgerOf } from './ledger.ts';
import { commitImport, deleteImport, getImport, type Import } from './queries.ts';

interface ImportPanelProps {
  readonly import_id: string;
  readonly onClose: () => void;
}

/** A file that was sent: what it would change, and the choice to store it or not. */
export function ImportPanel({ import_id, onClose }: ImportPanelProps): JSX.Element {
  const asked = useQuery(getImport(import_id));
  const found = asked.data;
  return (
    <Panel
      title={found ? `File ${found.file.name}` : 'File'}
      note={found && `${bytesWords(found.file.bytes)}, ${found.state === 'staged' ? 'not stored yet' : 'stored'}`}
      tools={
        <button type="button" className="btn quiet small" onClick={onClose}>
          Close
        </button>
      }
    >
      {found ? (
        <Found found={found} onClose={onClose} />
      ) : asked.error ? (
        <Trouble what="The file is not there" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Coming height={240} />
      )}
    </Panel>
  );
}

function Found({ found, onClose }: { readonly found: Import; readonly onClose: () => void }): JSX.Element {
  const accidents = accidentsOf(found.report);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that led here is gone: who works by keys goes on from what it brought.
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={box} className="form found" tabIndex={-1} data-import={found.state}>
      <div className="judged">
        <dl className="ledger">
          {ledgerOf(found.report).map(({ what, words, tone }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd className={tone}>{words}</dd>
            </div>
          ))}
        </dl>
        {accidents.length > 0 && (
          <div className="problems">
            <b className="caution">Rows that are no candles, or stood late</b>
            <ul tabIndex={0} aria-label="Rows">
              {accidents.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <Changes found={found} />
      {found.state === 'staged' ? (
        <Choice found={found} onClose={onClose} />
      ) : (
        <Stored found={found} onClose={onClose} />
      )}
    </div>
  );
}

/** The stretches that change, and the jobs that stand on them. */
function Changes({ found: { changes, jobs, state } }: { readonly found: Import }): JSX.Element {
  return (
    <>
      {changes.length > 0 && (
        <p className="ink-2">
          {state === 'staged' ? 'Bars would change in ' : 'Bars changed in '}
          {changes.map(({ start, end }) => `${date(start)} to ${date(end)}`).join('; ')}.
        </p>
      )}
      {jobs.items.length > 0 && (
        <div className="problems">
          <b className="caution">
            {jobs.items.length === 1 ? 'A job stands' : `${count(jobs.items.length)} jobs stand`} on bars that change:
            run again, they may find something else
          </b>
          <ul>
            {jobs.items.map(({ job_id, name }) => (
              <li key={job_id}>
                <Link className="link" href={`/jobs/${job_id}`}>
                  {name ?? `Job ${job_id.slice(0, 8)}`}
                </Link>
              </li>
            ))}
            {jobs.more && <li>and more</li>}
          </ul>
        </div>
      )}
    </>
  );
}

function Choice({ found, onClose }: { readonly found: Import; readonly onClose: () => void }): JSX.Element {
  const cache = useQueryClient();
  const { data: user } = useQuery(whoIsHere);
  const { import_id, report, expires_at } = found;
  const replaces = report.replaced > 0;
  const mayReplace = user?.role === 'admin';
  const store = useMutation({
    mutationFn: () => commitImport(import_id, replaces),
    onSuccess: (done) => {
      cache.setQueryData(getImport(import_id).queryKey, done);
      for (const queryKey of [KEYS.instruments, KEYS.imports, KEYS.coverage(report.market_id, report.symbol)])
        void cache.invalidateQueries({ queryKey });
      say(`${report.symbol}, ${report.interval} is stored.`);
    },
  });
  const discard = useMutation({
    mutationFn: () => deleteImport(import_id),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: KEYS.imports, exact: true });
      say('The file is discarded. Nothing was stored.');
      onClose();
    },
  });
  const isBusy = store.isPending || discard.isPending;
  const words = replaces ? `Store, and replace ${count(report.replaced)} bars` : `Store ${count(report.added)} bars`;
  return (
    <>
      {store.error && <Trouble what="Nothing was stored" error={store.error} />}
      {discard.error && <Trouble what="The file is still there" error={discard.error} />}
      {replaces && !mayReplace && (
        <p className="caution">Replacing bars changes what the jobs of others stand on: ask an administrator.</p>
      )}
      <div className="acts">
        <button
          type="button"
          className={replaces ? 'btn danger' : 'btn primary'}
          disabled={isBusy || (replaces && !mayReplace)}
          onClick={() => store.mutate()}
        >
          {words}
        </button>
        <button type="button" className="btn" disabled={isBusy} onClick={() => discard.mutate()}>
          Discard
        </button>
        <span className="ink-3" title={bothClocks(expires_at)}>
          it waits until {minute(expires_at)}
        </span>
      </div>
    </>
  );
}

function Stored({
  found: { committed_at },
  onClose,
}: {
  readonly found: Import;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <div className="acts">
      <span className="gain">Stored{committed_at !== null && ` ${minute(committed_at)}`}</span>
      <Link className="btn" href="/jobs/new">
        New job
      </Link>
      <button type="button" className="btn quiet" onClick={onClose}>
        Add another file
      </button>
    </div>
  );
}
