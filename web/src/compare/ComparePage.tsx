// Two to eight variants beside each other: whether they may be compared, how they went, how alike they are, what differs.

import './compare.css';
import { useMemo, type JSX } from 'react';
import { Link } from 'wouter';
import { useAddress } from '../lib/address.ts';
import { flag, index, list } from '../lib/search.ts';
import { useStore } from '../lib/store.ts';
import { say } from '../parts/notices.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Trouble, wordsOf } from '../parts/Trouble.tsx';
import { AlikePanel } from './AlikePanel.tsx';
import { chosen, MOST, readNames } from './chosen.ts';
import { ComparableStrip } from './ComparableStrip.tsx';
import { CurvesPanel } from './CurvesPanel.tsx';
import { DiffersPanel } from './DiffersPanel.tsx';
import { Letter } from './Letter.tsx';
import { useMembers, type Member } from './members.ts';

const FIELDS = { v: list(), all: flag(), base: index(), log: flag(true) };

export default function ComparePage(): JSX.Element {
  const [{ v, all, base, log }, change] = useAddress(FIELDS);
  const names = useMemo(() => readNames(v), [v]);
  const members = useMembers(names);
  const show = (next: readonly string[]): void => change({ v: next, base: null }, { push: true });
  const jobs = new Set(members.map(({ jobName }) => jobName));
  return (
    <>
      <title>Compare variants · Backtest Jobs</title>
      <div className="head">
        <div className="titled">
          <span className="crumb">{jobs.size < 2 ? [...jobs][0] : `${jobs.size} jobs`}</span>
          <h1>{names.length < 2 ? 'Compare variants' : `Compare ${names.length} variants`}</h1>
        </div>
        <div className="acts">
          <AddChosen names={names} onAdd={show} />
          <button type="button" className="btn" onClick={() => void copyLink()}>
            <Sign name="copy" />
            Copy link
          </button>
        </div>
      </div>
      {names.length < 2 ? (
        <TooFew names={names} />
      ) : (
        <>
          <ComparableStrip members={members} />
          <Failed members={members} onRemove={(name) => show(names.filter((one) => one !== name))} />
          <div className="compare">
            <CurvesPanel members={members} log={log} onLog={(next) => change({ log: next })} />
            <AlikePanel members={members} />
          </div>
          <DiffersPanel
            members={members}
            base={Math.min(base ?? 0, members.length - 1)}
            all={all}
            onAll={(next) => change({ all: next })}
            onBase={(next) => change({ base: next === 0 ? null : next })}
            onRemove={(name) => show(names.filter((one) => one !== name))}
          />
        </>
      )}
    </>
  );
}

interface AddProps {
  readonly names: readonly string[];
  readonly onAdd: (names: readonly string[]) => void;
}

/** Adds what was chosen elsewhere and is not here yet. */
function AddChosen({ names, onAdd }: AddProps): JSX.Element | null {
  const others = useStore(chosen).filter((name) => !names.includes(name));
  const room = MOST - names.length;
  if (others.length === 0 || room <= 0) return null;
  const added = others.slice(0, room);
  return (
    <button type="button" className="btn" onClick={() => onAdd([...names, ...added])}>
      <Sign name="plus" />
      Add {added.length} chosen
    </button>
  );
}

function TooFew({ names }: { readonly names: readonly string[] }): JSX.Element {
  return (
    <section className="panel" aria-label="Too few to compare">
      <div className="body too-few">
        <p>
          <b>{names.length === 0 ? 'Nothing is chosen.' : 'One alone has nothing to be compared with.'}</b> Choose two
          to {MOST} variants: tick rows of a job’s best variants and press <kbd>c</kbd>, or tick <i>Compare</i> on the
          pages of variants. The best of several jobs are chosen in the list of jobs.
        </p>
        <Link className="btn" href="/jobs">
          All jobs
        </Link>
      </div>
    </section>
  );
}

interface FailedProps {
  readonly members: readonly Member[];
  readonly onRemove: (name: string) => void;
}

/** Says which variants could not be read; the others stay. */
function Failed({ members, onRemove }: FailedProps): JSX.Element | null {
  const failed = members.filter(({ error }) => error !== null);
  if (failed.length === 0) return null;
  return (
    <section className="panel failed" aria-label="Not read">
      {failed.map(({ name, letter, at, title, error, retry }) => (
        <div key={name}>
          <Letter at={at} letter={letter} />
          <Trouble what={`${title} could not be read`} error={error} onRetry={retry} />
          <button type="button" className="btn small" onClick={() => onRemove(name)}>
            Leave it out
          </button>
        </div>
      ))}
    </section>
  );
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(globalThis.location.href);
    say('The link is copied.');
  } catch (error) {
    say(`The link could not be copied: ${wordsOf(error)}`);
  }
}
