import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState, type FormEvent, type JSX } from 'react';
import { otherProblems, problemsOf } from '../lib/problems.ts';
import { KEYS } from '../live/cache.ts';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { bytesWords, importCommand } from './ledger.ts';
import { getImport, sendFile } from './queries.ts';
import { SENT_FIELDS, UploadFields } from './UploadFields.tsx';

interface AddCandlesProps {
  readonly file: File | null;
  /** Whether a file is held over the page. */
  readonly isOver: boolean;
  readonly onFile: (file: File | null) => void;
  readonly onSent: (import_id: string) => void;
}

/** Takes a file, asks what is in it, and sends it to be judged. */
export function AddCandles({ file, isOver, onFile, onSent }: AddCandlesProps): JSX.Element {
  const id = useId();
  const command = importCommand(file?.name ?? 'FILE', {});
  return (
    <Panel title="Add candles" note="nothing is stored before you have seen what is in the file">
      <div className="form">
        <div className="drop" data-over={isOver}>
          <Sign name="import" />
          <span>
            {file === null
              ? 'Drop a CSV, Parquet, JSON or zip file here, or'
              : `${file.name}, ${bytesWords(file.size)}`}
          </span>
          <input
            id={id}
            className="sr"
            type="file"
            accept=".csv,.txt,.gz,.zip,.parquet,.json"
            onChange={({ currentTarget }) => {
              onFile(currentTarget.files?.[0] ?? null);
              currentTarget.value = ''; // so that the same file, mended, can be chosen again
            }}
          />
          <label htmlFor={id} className="btn">
            {file === null ? 'Choose a file' : 'Choose another'}
          </label>
        </div>
        {file === null ? (
          <p className="command">
            <span className="ink-3">At a terminal:</span>
            <code>{command}</code>
            <CopyButton text={command} />
          </p>
        ) : (
          <UploadForm
            key={`${file.name} ${file.lastModified} ${file.size}`}
            file={file}
            onFile={onFile}
            onSent={onSent}
          />
        )}
      </div>
    </Panel>
  );
}

interface UploadFormProps extends Pick<AddCandlesProps, 'onFile' | 'onSent'> {
  readonly file: File;
}

function UploadForm({ file, onFile, onSent }: UploadFormProps): JSX.Element {
  const cache = useQueryClient();
  const [sent, setSent] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const send = useMutation({
    mutationFn: (fields: Record<string, string>) => {
      stop.current = new AbortController();
      setSent(0);
      return sendFile({ fields, file, onProgress: setSent, signal: stop.current.signal });
    },
    onSuccess: (found) => {
      cache.setQueryData(getImport(found.import_id).queryKey, found);
      void cache.invalidateQueries({ queryKey: KEYS.imports, exact: true });
      onSent(found.import_id);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    send.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  const isStopped = send.error instanceof DOMException;
  return (
    <form className="form" aria-label="What is in the file" onSubmit={submit}>
      <UploadFields file={file.name} error={send.error} />
      {send.error && !isStopped && <Problems error={send.error} file={file.name} />}
      <div className="acts">
        <button type="submit" className="btn primary" disabled={send.isPending}>
          Look at it
        </button>
        {send.isPending ? (
          <>
            <button type="button" className="btn" onClick={() => stop.current?.abort()}>
              Stop
            </button>
            <SentBar share={sent} />
          </>
        ) : (
          <button type="button" className="btn quiet" onClick={() => onFile(null)}>
            Put it away
          </button>
        )}
      </div>
    </form>
  );
}

function SentBar({ share }: { readonly share: number }): JSX.Element {
  const percent = Math.floor(100 * share);
  const words = share < 1 ? `${percent}% sent` : 'sent; the server reads it';
  return (
    <>
      <span
        className="sent"
        role="progressbar"
        aria-label="Sending"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
      >
        <i style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="ink-2 num">{words}</span>
    </>
  );
}

interface ProblemsProps {
  readonly error: unknown;
  readonly file: string;
}

/** What is wrong with the file: every problem, with its place in it. */
function Problems({ error, file }: ProblemsProps): JSX.Element | null {
  const all = otherProblems(error, SENT_FIELDS);
  if (problemsOf(error).length === 0) return <Trouble what="The file was not taken" error={error} />;
  if (all.length === 0) return null; // each stands at its field
  return (
    <div className="problems" role="alert" data-problems={all.length}>
      <b className="loss">The file was not taken; nothing of it is stored</b>
      <ul tabIndex={0} aria-label="Problems">
        {all.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            {!['', 'file', file].includes(path) && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
