// The child process behind `judges.ts`: judges one spec or template after the other, without a limit of work, and dies
// with its parent.

import { parseSpec, parseStrategy, SpecError } from '@backtest-jobs/engine';
import { messageOf } from '../message.ts';
import { estimateJson } from './estimate-json.ts';
import type { JudgeAnswer, JudgeQuestion } from './judges.ts';
import { yamlValue } from './yaml-text.ts';

function judged(question: JudgeQuestion): JudgeAnswer {
  if (question.kind === 'yaml') return { value: yamlValue(question.text) };
  const { input, defaults } = question;
  if (question.kind === 'strategy') return { saved: parseStrategy(input, defaults) };
  const spec = parseSpec(input, defaults, question.strategy);
  return { spec, estimate: estimateJson(spec, { threads: question.threads, markets: defaults.markets }) };
}

process.on('message', (question: JudgeQuestion) => {
  let answer: JudgeAnswer;
  try {
    answer = judged(question);
  } catch (error) {
    answer = error instanceof SpecError ? { problems: error.problems } : { error: messageOf(error) };
  }
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
