// The title of the page, what the draft was made from, and its ways in and out as text.

import { useRef, type JSX } from 'react';
import { Link } from 'wouter';
import { Menu, MenuItem, MenuLine } from '../parts/Menu.tsx';
import { say } from '../parts/notices.tsx';
import { Sign } from '../parts/Sign.tsx';
import { count } from '../words/format.ts';
import { specOf, type Draft } from './draft/draft.ts';
import { commandOf, curlOf, yamlOf } from './draft/texts.ts';

interface HeadProps {
  readonly draft: Draft;
  readonly isYaml: boolean;
  readonly onYaml: (isYaml: boolean) => void;
  readonly onImport: (file: File) => void;
  readonly onAnew: () => void;
}

export function Head({ draft, isYaml, onYaml, onImport, onAnew }: HeadProps): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const parent = draft.origin?.job_id ?? null;
  return (
    <div className="head">
      <div className="title">
        <h1>New job</h1>
        <p className="about">
          <From draft={draft} />
        </p>
      </div>
      <div className="acts">
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml,.json"
          hidden
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            if (chosen) onImport(chosen);
            target.value = '';
          }}
        />
        <button
          type="button"
          className="btn"
          title="A file of YAML or JSON can be dropped on the page, too"
          onClick={() => file.current?.click()}
        >
          Import
        </button>
        <button type="button" className="btn" aria-pressed={isYaml} onClick={() => onYaml(!isYaml)}>
          YAML
        </button>
        <Menu
          trigger={
            <button type="button" className="btn">
              <Sign name="copy" />
              Copy
            </button>
          }
        >
          <MenuItem onSelect={() => void copy('The spec', yamlOf(specOf(draft)))}>as YAML</MenuItem>
          <MenuItem
            onSelect={() => void copy('The request', curlOf(specOf(draft), globalThis.location.origin, parent))}
          >
            as curl
          </MenuItem>
          <MenuItem onSelect={() => void copy('The command', commandOf(specOf(draft)))}>as a command</MenuItem>
          <MenuLine />
          <MenuItem onSelect={onAnew}>Start anew</MenuItem>
        </Menu>
      </div>
    </div>
  );
}

async function copy(what: string, text: Promise<string> | string): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text);
    say(`${what} is copied.`);
  } catch {
    say(`${what} could not be copied: the browser does not allow it.`);
  }
}

function From({ draft }: { readonly draft: Draft }): JSX.Element {
  const { origin } = draft;
  if (origin === null) return <>A grid of parameters, searched as a job that survives anything.</>;
  const { job_id, name, how, trials } = origin;
  return (
    <>
      From{' '}
      <Link className="link" href={`/jobs/${job_id}`}>
        {name === '' ? 'a job' : name}
      </Link>
      {how === '' ? '' : `, ${how}`}.
      {trials !== null && ` Its ${count(trials)} trials were on the same candles: a new search adds to them.`}
    </>
  );
}
