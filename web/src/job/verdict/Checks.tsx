import type { JSX } from 'react';
import { Sign } from '../../parts/Sign.tsx';
import { MARKS } from '../../words/verdict.ts';
import { lineOf, type LineContext } from './lines.ts';
import { Track } from './Track.tsx';
import { checkWords, DECIDING, QUESTIONS, type Check, type Piece } from './words.ts';

interface ChecksProps {
  readonly checks: readonly Check[];
  readonly context: LineContext;
}

/** The questions of a verdict, each with the mark that the engine gave it. */
export function Checks({ checks, context }: ChecksProps): JSX.Element {
  return (
    <ul className="checks">
      {checks.map((check) => (
        <OneCheck key={check.id} check={check} context={context} />
      ))}
    </ul>
  );
}

function OneCheck({ check, context }: { readonly check: Check; readonly context: LineContext }): JSX.Element {
  const mark = check.mark ?? 'none';
  const { sign, words, tone } = MARKS[mark];
  return (
    <li className={`tone-${tone}${DECIDING.has(check.id) ? ' deciding' : ''}`} data-check={check.id} data-mark={mark}>
      <span className="mark">
        <Sign name={sign} label={words} />
      </span>
      <span className="question">{QUESTIONS[check.id]}</span>
      <Track line={lineOf(check, context)} />
      <span className="words" title={check.reason}>
        {checkWords(check, context).map((piece, at) => (
          <Said key={`${at} ${check.id}`} piece={piece} />
        ))}
      </span>
    </li>
  );
}

function Said({ piece }: { readonly piece: Piece }): JSX.Element {
  if (typeof piece === 'string') return <>{piece}</>;
  return 'bold' in piece ? <b className="num">{piece.bold}</b> : <span className="quiet">{piece.quiet}</span>;
}
