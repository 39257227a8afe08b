// The inside of a process that answers questions about candles: it is told once where they are, answers one question after
// the other, and dies with its parent.

import { openSource } from '../candles/open.ts';
import type { CandleSource } from '../candles/source.ts';
import type { SourceSettings } from '../config/settings.ts';
import { noAnswer } from './no-answer.ts';

/** What such a process is sent: the first message says where the candles are. */
export type ToAnswerer<Question> = { readonly settings: SourceSettings } | { readonly question: Question };

/** Answers the questions that the parent asks; what `answer` throws is told as the reason why there is none. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names the messages inside
export function answerQuestions<Question>(answer: (source: CandleSource, question: Question) => Promise<object>): void {
  let source: Promise<CandleSource> | null = null;
  const answered = async (question: Question): Promise<object> => {
    try {
      if (source === null) throw new Error('asked before it was told where the candles are');
      return await answer(await source, question);
    } catch (error) {
      return noAnswer(error);
    }
  };
  process.on('message', (message: ToAnswerer<Question>) => {
    if ('settings' in message) {
      source = openSource(message.settings, { hurry: true });
      source.catch(() => {}); // told to whoever asks
    } else void answered(message.question).then((found) => process.send?.(found));
  });
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole group; the parent decides when this one ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
}
