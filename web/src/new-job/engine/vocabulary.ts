// The words of the rule language, for colours and suggestions.

import { CATALOGUE } from '@backtest-jobs/engine';
import { CLOCKS, FUNCTIONS, SOURCES, WORDS } from '@backtest-jobs/engine/internal';

/** Something that a rule may call. */
export interface Callable {
  readonly name: string;
  readonly args: readonly string[];
  /** What it is: an indicator has outputs. */
  readonly outputs: readonly string[];
}

export interface Vocabulary {
  readonly words: readonly string[];
  readonly series: readonly string[];
  readonly calls: readonly Callable[];
}

export function vocabulary(): Vocabulary {
  const functions = Object.entries(FUNCTIONS).map(([name, args]) => ({ name, args, outputs: [] }));
  const indicators = CATALOGUE.flatMap(({ short, aliases, source, params, outputs }) => {
    const names = [short, ...aliases.map((id) => id.slice(id.indexOf('.') + 1))];
    const args = [...(source ? ['close'] : []), ...params.map((param) => param.name)];
    return names.map((name) => ({ name, args, outputs }));
  });
  return { words: [...WORDS], series: [...SOURCES, ...CLOCKS], calls: [...functions, ...indicators] };
}
