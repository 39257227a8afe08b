// One rule in an editor: coloured by the tokens of the engine, what is wrong underlined, suggestions on ctrl + space.

import { tokensOf } from '@backtest-jobs/engine/internal';
import {
  autocompletion,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { useEffect, useRef, type JSX } from 'react';
import type { RuleFault } from '../draft/problems.ts';
import type { Vocabulary } from '../engine/vocabulary.ts';
import { EDITOR_BASE } from './editor-base.ts';

interface RuleEditorProps {
  readonly label: string;
  /** Element that says what is wrong. */
  readonly says: string;
  readonly text: string;
  readonly fault: RuleFault | null;
  readonly isBad: boolean;
  readonly vocabulary: Vocabulary;
  readonly params: readonly string[];
  readonly onChange: (text: string) => void;
  /** Tells how the call is written that the cursor stands in; empty: in none. */
  readonly onSignature: (text: string) => void;
}

export function RuleEditor(props: RuleEditorProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<{ readonly view: EditorView; readonly marks: Compartment; readonly about: Compartment } | null>(
    null,
  );
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });
  useEffect(() => {
    if (place.current === null) return undefined;
    const [marks, about] = [new Compartment(), new Compartment()];
    const heard = EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
      const text = state.doc.toString();
      if (docChanged && text !== now.current.text) now.current.onChange(text);
      if (docChanged || selectionSet)
        now.current.onSignature(signatureAt(text, state.selection.main.head, now.current.vocabulary));
    });
    const complete = autocompletion({
      override: [(context) => suggest(context, now.current)],
      activateOnTyping: false,
    });
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: now.current.text,
        extensions: [
          EDITOR_BASE,
          EditorView.lineWrapping,
          history(),
          complete,
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          Prec.high(EditorView.domEventHandlers({ blur: () => now.current.onSignature('') })),
          marks.of([]),
          about.of([]),
          heard,
        ],
      }),
    });
    editor.current = { view, marks, about };
    return () => view.destroy();
  }, []);

  const { text, fault, isBad, vocabulary, params, label, says } = props;
  const names = params.join(' ');
  useEffect(() => {
    const { view, marks, about } = editor.current ?? {};
    if (!view || !marks || !about) return;
    const there = view.state.doc.toString();
    view.dispatch({
      ...(there !== text && { changes: { from: 0, to: there.length, insert: text } }),
      effects: [
        marks.reconfigure(colours(vocabulary, new Set(names.split(' ')), fault)),
        about.reconfigure(
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-describedby': says,
            ...(isBad && { 'aria-invalid': 'true' }),
          }),
        ),
      ],
    });
  }, [text, fault, isBad, vocabulary, names, label, says]);

  return <div className="edit" ref={place} />;
}

/** Colours the tokens of a rule, and underlines what is wrong. */
function colours(
  { words, series, calls }: Vocabulary,
  params: ReadonlySet<string>,
  fault: RuleFault | null,
): Extension {
  const called = new Set(calls.map(({ name }) => name));
  const kindOf = (kind: string, text: string): string | null => {
    if (kind === 'number') return 'nu';
    if (kind !== 'name') return null;
    if (words.includes(text)) return 'kw';
    if (params.has(text)) return 'pa';
    return called.has(text) ? 'fn' : series.includes(text) ? 'se' : null;
  };
  const decorate = (state: EditorState): DecorationSet => {
    const text = state.doc.toString();
    const marks = tokensOf(text).flatMap(({ kind, text: token, start, end }) => {
      const name = kindOf(kind, token);
      return name === null ? [] : [Decoration.mark({ class: `tok-${name}` }).range(start, end)];
    });
    const from = fault === null ? -1 : fault.column - 1;
    const to = Math.min(text.length, from + (fault?.length ?? 0));
    const wrong = from >= 0 && from < to ? [Decoration.mark({ class: 'wrong' }).range(from, to)] : [];
    return Decoration.set([...marks, ...wrong], true);
  };
  return EditorView.decorations.compute(['doc'], decorate);
}

/** Suggests names that begin as what stands before the cursor, with how they are written. */
function suggest(context: CompletionContext, { vocabulary, params }: RuleEditorProps): CompletionResult | null {
  const word = context.matchBefore(/\w*/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const calls = vocabulary.calls.map(({ name, args, outputs }) => ({
    label: name,
    type: 'function',
    detail: `(${args.join(', ')})${outputs.length > 1 ? ` .${outputs.join(' .')}` : ''}`,
    apply: `${name}(`,
  }));
  const own = params.map((label) => ({ label, type: 'variable', boost: 2, detail: 'parameter' }));
  const names = [...vocabulary.series, ...vocabulary.words].map((label) => ({ label, type: 'variable' }));
  return { from: word.from, options: [...own, ...names, ...calls], validFor: /^\w*$/ };
}

/** Writes the call around a place: "highest(x, n)". */
function signatureAt(text: string, head: number, { calls }: Vocabulary): string {
  const open: string[] = [];
  let before = '';
  for (const { text: token, start } of tokensOf(text)) {
    if (start >= head) break;
    if (token === '(') open.push(before);
    if (token === ')') open.pop();
    before = token;
  }
  const call = calls.find(({ name }) => name === open.at(-1));
  if (call === undefined) return '';
  const outputs = call.outputs.length > 1 ? `: ${call.outputs.map((name) => `.${name}`).join(' ')}` : '';
  return `${call.name}(${call.args.join(', ')})${outputs}`;
}
