// The form around one draft: it keeps it, asks the engine about it, and sends it.

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useRef, useState, type JSX } from 'react';
import { say } from '../parts/notices.tsx';
import { Coming } from '../parts/Panel.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import { Estimate } from './aside/Estimate.tsx';
import { Preview } from './aside/Preview.tsx';
import { FRESH } from './draft/begin.ts';
import { draftOf, edit, modeOf, switchMode, type Draft, type Mode } from './draft/draft.ts';
import { fieldsOf } from './draft/fields.ts';
import { byField, type Problem } from './draft/problems.ts';
import { specOfText } from './draft/texts.ts';
import { FormContext, type Form } from './form/form.ts';
import { Market } from './form/Market.tsx';
import { Proof } from './form/Proof.tsx';
import { Stops } from './form/Stops.tsx';
import { Strategy } from './form/Strategy.tsx';
import { Head } from './Head.tsx';
import { readEstimate, type Catalogue, type Instrument, type Runtime } from './queries.ts';
import { reasonFor, SubmitBar } from './SubmitBar.tsx';
import {
  focusFirst,
  keepStrategy,
  useDraft,
  useFileDrop,
  useRules,
  useRunKey,
  useSending,
  useTruths,
} from './use-draft.ts';
import { useJudgement, useSettled, type Judged } from './use-judgement.ts';
import type { ReadTyped } from './YamlView.tsx';

const YamlView = lazy(() => import('./YamlView.tsx').then((all) => ({ default: all.YamlView })));

export type View = Mode | 'yaml' | '';

interface JobFormProps {
  /** What the address asks for, under which the draft is kept. */
  readonly made: string;
  readonly first: Draft;
  readonly anew: () => Draft;
  readonly mode: View;
  readonly onMode: (mode: View) => void;
  readonly runtime: Runtime;
  readonly catalogue: Catalogue;
  readonly instruments: readonly Instrument[];
}

export function JobForm(props: JobFormProps): JSX.Element {
  const { made, first, anew, mode, onMode } = props;
  const { draft, setDraft, drop } = useDraft(made, first, mode);
  const { spec } = draft;
  const [yamlFault, setYamlFault] = useState<string | null>(null);
  const typing = useRef<ReadTyped>(null);
  const rules = useRules(draft, props.runtime);
  const judged = useJudgement(spec, rules);
  const { judgement, sound } = judged;
  const run = useSending(draft, drop);
  const isOld = judged.of !== spec;
  const problems = useProblems(judged, isOld, run.problems);
  const estimated = useEstimate(judged, isOld);
  const form = useFormValue(props, { draft, setDraft, judged, problems, rules });
  const isYaml = mode === 'yaml';
  const reason = reasonFor(judged, problems, yamlFault);
  const cost = estimated.data ?? null;
  const send = (): void => {
    const typed = typing.current?.() ?? null;
    if (typeof typed === 'string' || run.isSending) return;
    // What was typed a moment ago is not judged here yet: the server judges it.
    if (typed !== null) run.send(typed);
    else if (reason !== null) focusFirst(problems);
    else run.send(spec);
  };
  const replace = (next: Draft): void => {
    setDraft(() => next);
    if (!isYaml) onMode(modeOf(next.spec)); // else the address would switch it back when it is loaded again
  };
  const take = (file: File): void => {
    void file
      .text()
      .then(specOfText)
      .then(
        (found) => replace(draftOf(found)),
        (error: unknown) => say(`${file.name} could not be read: ${wordsOf(error)}`),
      );
  };
  useRunKey(send);
  useFileDrop(take);
  return (
    <FormContext value={form}>
      <Head
        draft={draft}
        isYaml={isYaml}
        onYaml={(on) => onMode(on ? 'yaml' : modeOf(spec))}
        onImport={take}
        onAnew={() => replace(anew())}
      />
      <div className="new-grid">
        <form className="panel form" aria-label="Job" noValidate onSubmit={(event) => event.preventDefault()}>
          {isYaml ? (
            <Suspense fallback={<Coming height={600} />}>
              <YamlView onFault={setYamlFault} typing={typing} />
            </Suspense>
          ) : (
            <Parts />
          )}
          <SubmitBar
            cost={cost}
            reason={reason}
            isSending={run.isSending}
            error={run.error ?? judged.failure}
            onRun={send}
            onSave={() => void keepStrategy(draft)}
          />
        </form>
        <aside className="aside" aria-label="What it amounts to">
          <Estimate
            counts={judged.counts}
            cost={cost}
            isOld={isOld || estimated.isPlaceholderData}
            waiting={waitingFor(judgement?.kind, reason)}
          />
          <Preview sound={sound} isOld={isOld} />
        </aside>
      </div>
    </FormContext>
  );
}

/** Asks the server what the last sound spec costs, once it has stayed the same for a moment. */
function useEstimate({ judgement, of }: Judged, isOld: boolean) {
  const asked = useSettled(judgement?.kind === 'sound' && !isOld ? of : null, 300);
  const [last, setLast] = useState(asked);
  if (asked !== null && asked !== last) setLast(asked);
  return useQuery(readEstimate(asked ?? last));
}

function Parts(): JSX.Element {
  return (
    <>
      <Market />
      <Strategy />
      <Stops />
      <Proof />
    </>
  );
}

/** Returns the problems of the draft: the engine's, else those that the API had with it when it was sent. */
function useProblems({ judgement }: Judged, isOld: boolean, sent: readonly Problem[]): readonly Problem[] {
  return useMemo(() => {
    const own = judgement?.kind === 'problems' ? judgement.problems : [];
    return own.length > 0 || isOld ? own : sent;
  }, [judgement, sent, isOld]);
}

interface FormParts {
  readonly draft: Draft;
  readonly setDraft: (change: (draft: Draft) => Draft) => void;
  readonly judged: Judged;
  readonly problems: readonly Problem[];
  readonly rules: ReturnType<typeof useRules>;
}

function useFormValue(props: JobFormProps, { draft, setDraft, judged, problems, rules }: FormParts): Form {
  const { catalogue, runtime, instruments, onMode } = props;
  const { judgement, sound } = judged;
  const truths = useTruths(draft, rules, sound);
  return {
    draft,
    spec: draft.spec,
    edit: (path, value) => setDraft((now) => edit(now, path, value)),
    change: setDraft,
    setMode: (next) => {
      setDraft((now) => switchMode(now, next, FRESH));
      onMode(next);
    },
    problems: useMemo(() => byField(problems, fieldsOf(draft.spec)), [problems, draft.spec]),
    judgement,
    rules,
    sound,
    catalogue,
    runtime,
    instruments,
    truths,
  };
}

function waitingFor(kind: string | undefined, reason: string | null): string | null {
  if (kind === 'vast') return 'Too many to be counted here';
  if (kind === undefined) return 'Counting';
  if (reason === null) return null;
  return reason.includes('rule') ? 'Waiting for the rules' : 'Waiting for the form';
}
