import type { JSX } from 'react';
import { say } from '../parts/notices.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Sign } from '../parts/Sign.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import type { Report } from './queries.ts';

interface AgainPanelProps {
  readonly job_id: string;
  readonly variant_index: number;
  readonly report: Report;
}

/** How to come to the same numbers without this page. */
export function AgainPanel({ job_id, variant_index, report }: AgainPanelProps): JSX.Element {
  const command = `npm run -s backtest -- spec ${job_id} > spec.yaml\nnpm run -s backtest -- run spec.yaml --variant ${variant_index}`;
  return (
    <Panel
      title="Run it again"
      className="again"
      tools={
        <button type="button" className="btn quiet small" onClick={() => void copy(command)}>
          <Sign name="copy" />
          Copy
        </button>
      }
    >
      <pre className="mono" tabIndex={0}>
        {command}
      </pre>
      <p className="ink-2">{sameWords(report)}</p>
      <p className="ink-3">
        Key <code>{report.variant_key.slice(0, 16)}</code>, candles <code>{digestOf(report).slice(0, 16)}</code>
      </p>
    </Panel>
  );
}

function digestOf({ ledger: { digest } }: Report): string {
  return typeof digest === 'string' ? digest : '';
}

function sameWords({ job }: Report): string {
  if (!job || job.same_candles === null) return 'The job has not ended yet.';
  const candles = job.same_candles ? 'The candles are those of the job' : 'The candles have changed since the job';
  const engine = job.same_engine
    ? 'and so is the engine'
    : `and the engine was version ${job.engine_version ?? 'unknown'}`;
  return `${candles}, ${engine}.`;
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('The command is copied.');
  } catch (error) {
    say(`The command could not be copied: ${wordsOf(error)}`);
  }
}
