// The draft as YAML: what is typed here is what the form shows, and the other way round.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml as yamlLanguage } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, useState, type JSX, type RefObject } from 'react';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { withSpec } from './draft/draft.ts';
import { isObject, type PlainObject } from './draft/plain.ts';
import type { Problem } from './draft/problems.ts';
import { placeIn } from './draft/yaml-place.ts';
import { yamlText } from './draft/yaml-text.ts';
import { EDITOR_BASE } from './form/editor-base.ts';
import { useForm } from './form/form.ts';

/** Milliseconds after the last key. */
const AFTER_KEY_MS = 120;

/** Reads at once what was typed and is not read yet; returns its spec, or why it is none. Null: all is read. */
export type ReadTyped = (() => PlainObject | string | null) | null;

interface YamlViewProps {
  /** Told why the text is no spec; null: it is one. */
  readonly onFault: (fault: string | null) => void;
  /** Given what reads, while the text stands. */
  readonly typing: RefObject<ReadTyped>;
}

export function YamlView({ onFault, typing }: YamlViewProps): JSX.Element {
  const { spec, change, judgement } = useForm();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const written = useRef<PlainObject | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const now = useRef({ change, spec });
  useEffect(() => {
    now.current = { change, spec };
  });

  useEffect(() => {
    if (place.current === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = (): PlainObject | string | null => {
      if (timer === null) return null;
      clearTimeout(timer);
      timer = null;
      const found = specOf(view.current?.state.doc.toString() ?? '');
      setFault(typeof found === 'string' ? found : null);
      if (typeof found === 'string') return found;
      written.current = found;
      now.current.change((draft) => withSpec(draft, found));
      return found;
    };
    const heard = EditorView.updateListener.of(({ docChanged, transactions }) => {
      if (!docChanged || transactions.some((one) => one.isUserEvent('form'))) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(read, AFTER_KEY_MS);
    });
    view.current = openEditor(place.current, yamlText(now.current.spec), heard);
    written.current = now.current.spec;
    typing.current = read;
    return () => {
      read();
      typing.current = null;
      view.current?.destroy();
      view.current = null;
    };
  }, [typing]);

  useEffect(() => onFault(fault), [fault, onFault]);
  useEffect(() => () => onFault(null), [onFault]);
  useEffect(() => {
    // What was changed elsewhere, as by a thinning, is written anew; what was typed here stays as it is.
    if (view.current === null || written.current === spec) return;
    written.current = spec;
    const changes = { from: 0, to: view.current.state.doc.length, insert: yamlText(spec) };
    view.current.dispatch({ changes, userEvent: 'form' });
  }, [spec]);
  useEffect(() => {
    if (view.current === null) return;
    const problems = judgement?.kind === 'problems' ? judgement.problems : [];
    view.current.dispatch(
      setDiagnostics(view.current.state, diagnosticsOf(view.current.state.doc.toString(), problems)),
    );
  }, [judgement]);

  const problems = judgement?.kind === 'problems' ? judgement.problems : [];
  return (
    <div className="yaml">
      <div ref={place} className="yaml-text" />
      <ul className="says yaml-says" id="yaml-says" aria-live="polite">
        {fault !== null && <li>{fault}</li>}
        {fault === null &&
          problems
            .slice(0, 8)
            .map(({ path, message }) => <li key={path + message}>{`${path}: ${message.split('\n')[0]}`}</li>)}
      </ul>
    </div>
  );
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--caution)' },
  { tag: tags.comment, color: 'var(--ink-3)' },
]);

function openEditor(
  parent: HTMLElement,
  doc: string,
  heard: ReturnType<typeof EditorView.updateListener.of>,
): EditorView {
  const extensions = [
    EDITOR_BASE,
    lineNumbers(),
    lintGutter(),
    history(),
    yamlLanguage(),
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Spec as YAML', 'aria-describedby': 'yaml-says' }),
    keymap.of([...historyKeymap, ...defaultKeymap]),
    heard,
  ];
  return new EditorView({ parent, state: EditorState.create({ doc, extensions }) });
}

/** Returns the spec of a text, or why it is none. */
function specOf(text: string): PlainObject | string {
  const document = parseDocument(text, { lineCounter: new LineCounter() });
  const [error] = document.errors;
  if (error !== undefined) return `line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`;
  const value: unknown = document.toJS();
  return isObject(value) ? value : 'a spec is an object, like `template: ...`';
}

function diagnosticsOf(text: string, problems: readonly Problem[]): Diagnostic[] {
  const document: Document.Parsed = parseDocument(text);
  return problems.map((problem) => {
    const [from, to] = placeIn(document, problem.path);
    return { from, to, severity: 'error' as const, message: problem.message };
  });
}
