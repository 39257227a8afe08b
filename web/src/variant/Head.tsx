import { useState, type JSX } from 'react';
import { Link } from 'wouter';
import { chosen, compareAddress, nameOf, toggle } from '../compare/chosen.ts';
import { pageAddress } from '../job/head/copies.ts';
import { useStore } from '../lib/store.ts';
import { csvOf, type Table } from '../parts/csv.ts';
import { Menu, MenuItem, MenuLine } from '../parts/Menu.tsx';
import { Sign } from '../parts/Sign.tsx';
import { saveFile, saveFrom } from './files.ts';
import type { Report, Request } from './queries.ts';
import { SaveBox } from './SaveBox.tsx';
import { strategyOf } from './strategy-of.ts';

interface HeadProps {
  readonly job_id: string;
  readonly variant_index: number;
  readonly jobName: string;
  readonly title: string;
  readonly request: Request | undefined;
  readonly report: Report | undefined;
  readonly trades: Table | null;
}

export function Head({ job_id, variant_index, jobName, title, request, report, trades }: HeadProps): JSX.Element {
  const [isSaving, setSaving] = useState(false);
  return (
    <div className="head">
      <div className="titled">
        <Link className="crumb" href={`/jobs/${job_id}`}>
          {jobName}
        </Link>
        <h1>{title}</h1>
      </div>
      <div className="acts">
        <CompareButtons job_id={job_id} variant_index={variant_index} />
        <Link className="btn" href={`/jobs/new?from=${job_id}&refine=${variant_index}`}>
          <Sign name="refine" />
          Refine around it
        </Link>
        <ExportMenu job_id={job_id} variant_index={variant_index} report={report} trades={trades} />
        <button type="button" className="btn primary" disabled={!request || !report} onClick={() => setSaving(true)}>
          <Sign name="save" />
          Save as strategy
        </button>
      </div>
      {isSaving && request && report && (
        <SaveBox
          name={`${jobName}: ${title}`.slice(0, 200)}
          template={strategyOf(request.spec['template'], report.payload)}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  );
}

function CompareButtons({ job_id, variant_index }: Pick<HeadProps, 'job_id' | 'variant_index'>): JSX.Element {
  const names = useStore(chosen);
  const name = nameOf(job_id, variant_index);
  return (
    <>
      {names.length > 1 && (
        <Link className="btn" href={compareAddress(names)}>
          Compare {names.length}
        </Link>
      )}
      <label className="btn">
        <input className="check" type="checkbox" checked={names.includes(name)} onChange={() => toggle(name)} />
        {names.length > 1 ? 'Chosen' : 'Compare'}
      </label>
    </>
  );
}

const FORMATS = [
  ['csv', 'CSV'],
  ['ndjson', 'JSON'],
  ['parquet', 'Parquet'],
] as const;

function ExportMenu({
  job_id,
  variant_index,
  report,
  trades,
}: Pick<HeadProps, 'job_id' | 'variant_index' | 'report' | 'trades'>): JSX.Element {
  const file = `variant-${variant_index}`;
  return (
    <Menu
      trigger={
        <button type="button" className="btn">
          <Sign name="export" />
          Export
        </button>
      }
    >
      <MenuItem onSelect={() => saveFrom(pageAddress(job_id, variant_index))}>
        A page to share <span className="note">HTML</span>
      </MenuItem>
      {FORMATS.map(([format, words]) => (
        <MenuItem
          key={format}
          onSelect={() =>
            saveFrom(`/api/backtests/jobs/${job_id}/export?what=equity&variant_index=${variant_index}&format=${format}`)
          }
        >
          Equity, every bar <span className="note">{words}</span>
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem
        disabled={!trades || trades.length === 0}
        onSelect={() => trades && saveFile(`${file}-trades.csv`, 'text/csv;charset=utf-8', csvOf(trades))}
      >
        Trades, all <span className="note">CSV</span>
      </MenuItem>
      <MenuItem
        disabled={!report}
        onSelect={() => saveFile(`${file}.json`, 'application/json', JSON.stringify(report, null, 2))}
      >
        Report <span className="note">JSON</span>
      </MenuItem>
    </Menu>
  );
}
