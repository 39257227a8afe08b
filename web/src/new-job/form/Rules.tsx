// Rules in the language of the engine, one editor each, and the parameters that they read.

import { useEffect, useId, useState, type JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';
import { share } from '../../words/format.ts';
import { at, isObject, textOf, type Plain } from '../draft/plain.ts';
import { ruleFault, withWord, type Problem } from '../draft/problems.ts';
import { ask } from '../engine/engine.ts';
import type { Vocabulary } from '../engine/vocabulary.ts';
import { AxisEditor } from './AxisEditor.tsx';
import { Says } from './fields.tsx';
import { saysId, useField, useForm } from './form.ts';
import { RuleEditor } from './RuleEditor.tsx';

const RULES = [
  ['long', 'Long while'],
  ['exit_long', 'Exit long when'],
  ['short', 'Short while'],
  ['exit_short', 'Exit short when'],
] as const;

const NO_WORDS: Vocabulary = { words: [], series: [], calls: [] };

export function Rules(): JSX.Element {
  const { spec, edit } = useForm();
  const [vocabulary, setVocabulary] = useState(NO_WORDS);
  useEffect(() => {
    void ask('vocabulary', null).then(setVocabulary, () => {});
  }, []);
  const rules = at(spec, ['template', 'rules']);
  const params = Object.keys(at(spec, ['template', 'params']) ?? {});
  const isThere = (name: string): boolean => typeof at(rules, [name]) === 'string';
  const shown = RULES.filter(([name]) => isThere(name) || (name === 'long' && !isThere('short')));
  const missing = RULES.filter((rule) => !shown.includes(rule));
  return (
    <>
      <div className="rules" data-path="template.rules">
        {shown.map(([name, label]) => (
          <RuleRow
            key={name}
            name={name}
            label={label}
            vocabulary={vocabulary}
            params={params}
            canGo={shown.length > 1}
          />
        ))}
        {missing.length > 0 && (
          <p className="add-line">
            {missing.map(([name, label]) => (
              <button
                key={name}
                type="button"
                className="btn small"
                onClick={() =>
                  edit(['template', 'rules', name], name.startsWith('exit') ? 'close < open' : 'close > open')
                }
              >
                <Sign name="plus" />
                {label}
              </button>
            ))}
          </p>
        )}
      </div>
      <Parameters names={params} />
    </>
  );
}

interface RuleRowProps {
  readonly name: (typeof RULES)[number][0];
  readonly label: string;
  readonly vocabulary: Vocabulary;
  readonly params: readonly string[];
  readonly canGo: boolean;
}

function RuleRow({ name, label, vocabulary, params, canGo }: RuleRowProps): JSX.Element {
  const { edit, truths } = useForm();
  const { value, set, problems, path } = useField(['template', 'rules', name]);
  const [signature, setSignature] = useState('');
  const text = typeof value === 'string' ? value : '';
  const [problem] = problems;
  return (
    <div className="rule" data-path={path} data-rule={name} data-bad={problem !== undefined || undefined}>
      <span className="name" aria-hidden="true">
        {label}
      </span>
      <RuleEditor
        label={label}
        says={saysId(path)}
        text={text}
        fault={problem ? ruleFault(problem) : null}
        isBad={problem !== undefined}
        vocabulary={vocabulary}
        params={params}
        onChange={(next) => set(next)}
        onSignature={setSignature}
      />
      {canGo && (
        <button
          type="button"
          className="btn quiet small icon"
          aria-label={`Remove ${label}`}
          onClick={() => edit(['template', 'rules', name], undefined)}
        >
          <Sign name="bin" />
        </button>
      )}
      <div className="saying" id={saysId(path)}>
        {problem ? <Fault problem={problem} text={text} onText={set} /> : <Truth value={truths[name]} />}
        {signature !== '' && <code className="signature">{signature}</code>}
      </div>
    </div>
  );
}

function Truth({ value }: { readonly value: number | null | undefined }): JSX.Element | null {
  if (value === null || value === undefined) return null;
  return (
    <>
      <span className="gain">
        <Sign name="tick" />
      </span>{' '}
      true on <b className="num">{share(value)}</b> of the bars of the sample
    </>
  );
}

interface FaultProps {
  readonly problem: Problem;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Says what is wrong with a rule, where, and offers what mends it. */
function Fault({ problem, text, onText }: FaultProps): JSX.Element {
  const { edit } = useForm();
  const fault = ruleFault(problem);
  if (fault === null) return <span className="loss">{problem.message}</span>;
  const { use, name } = fault;
  return (
    <span className="loss">
      column {fault.column}: {fault.words}.
      {use !== null && (
        <button type="button" className="link" onClick={() => onText(withWord(text, fault, use))}>
          Use {use}
        </button>
      )}
      {name !== null && (
        <button
          type="button"
          className="link"
          onClick={() => edit(['template', 'params', name], { mode: 'range', start: 10, stop_incl: 50, step: 10 })}
        >
          Make it a parameter
        </button>
      )}
    </span>
  );
}

function Parameters({ names }: { readonly names: readonly string[] }): JSX.Element {
  const { edit, spec } = useForm();
  const rules = at(spec, ['template', 'rules']);
  const all = isObject(rules) ? Object.values(rules).map(textOf).join(' ') : '';
  return (
    <section className="card" aria-label="Parameters" data-path="template.params">
      <header>
        <b>Parameters</b>
        <span className="ink-3">names in the rules that are no indicator</span>
      </header>
      <Says path="template.params" />
      {names.map((name) => (
        <AxisEditor
          key={name}
          path={['template', 'params', name]}
          label={name}
          {...(!new RegExp(String.raw`\b${name}\b`).test(all) && {
            hint: 'not read',
            onRemove: () => edit(['template', 'params', name], undefined),
          })}
        />
      ))}
      <Constraints />
    </section>
  );
}

/** Conditions on parameters, with commas between them as people write them, a list in the spec. */
function Constraints(): JSX.Element {
  const id = useId();
  const { value, set, aria, path } = useField(['template', 'constraints']);
  const list = Array.isArray(value) ? (value as readonly Plain[]).map(textOf) : [];
  const [typed, setTyped] = useState('');
  const text = split(typed).join() === list.join() ? typed : list.join(', ');
  return (
    <div className="axis" data-path={path}>
      <label className="name" htmlFor={id}>
        Only where
      </label>
      <input
        {...aria}
        id={id}
        className="input mono wide"
        placeholder="fast * 2 <= slow"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = split(target.value);
          set(next.length === 0 ? undefined : next);
        }}
      />
      <Says path={path} />
    </div>
  );
}

/** Splits at commas that stand in no bracket. */
function split(text: string): readonly string[] {
  const parts = text.match(/(?:[^,(]|\([^)]*\)?)+/g) ?? [];
  return parts.map((one) => one.trim()).filter((one) => one !== '');
}
