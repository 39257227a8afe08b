// Whether variants may be compared: only what ran on the same candles, at the same costs, differs by its parameters alone.

/** What a result stands on, each as it is told. */
export interface Ground {
  readonly letter: string;
  readonly facts: Readonly<Record<FactName, string>>;
}

export const FACTS = {
  market: 'instrument',
  timeframe: 'timeframe',
  range: 'range',
  held: 'bars held out',
  candles: 'candles',
  costs: 'costs',
  fill: 'fill',
  sizing: 'sizing',
} as const;

export type FactName = keyof typeof FACTS;

/** Names every fact in which variants differ: "costs: A and C fee 0.02%, B fee 0.1%". Empty: they may be compared. */
export function whatDiffers(grounds: readonly Ground[]): readonly string[] {
  const names = Object.keys(FACTS) as FactName[];
  const found = names.filter((name) => new Set(grounds.map(({ facts }) => facts[name])).size > 1);
  // Other candles follow from another instrument, timeframe or range.
  const told = found.filter((name) => name !== 'candles' || !found.some((one) => PLACES.has(one)));
  return told.map((name) => `${FACTS[name]}: ${groupsOf(grounds, name)}`);
}

const PLACES: ReadonlySet<FactName> = new Set(['market', 'timeframe', 'range', 'held']);

function groupsOf(grounds: readonly Ground[], name: FactName): string {
  const by = Map.groupBy(grounds, ({ facts }) => facts[name]);
  return [...by].map(([value, those]) => `${listed(those.map(({ letter }) => letter))} ${value}`).join(', ');
}

function listed(letters: readonly string[]): string {
  return letters.length < 2 ? letters.join('') : `${letters.slice(0, -1).join(', ')} and ${letters.at(-1)}`;
}
