import type { JSX } from 'react';
import { useAddress } from '../../lib/address.ts';
import { Sign } from '../../parts/Sign.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import { decimal } from '../../words/format.ts';
import { metricWords } from '../../words/metrics.ts';
import { FIELDS } from '../address.ts';
import { brushed, readRange, type ByName } from './rows.ts';

const without = (all: ByName, key: string): ByName =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));

/** What the table is narrowed by, each with a way out. */
export function Chips({ axes }: { readonly axes: readonly NamedAxis[] }): JSX.Element | null {
  const [{ brush, f }, change] = useAddress(FIELDS);
  const brushes = Object.entries(brush).flatMap(([key, text]) => {
    const axis = axes.find((one) => one.key === key);
    if (axis === undefined || brushed(axis, text) === null) return [];
    return [
      {
        id: key,
        words: `${axis.label} ${text.replace('..', ' to ')}`,
        drop: () => change({ brush: without(brush, key) }),
      },
    ];
  });
  const filters = Object.entries(f).flatMap(([key, text]) => {
    if (readRange(text) === null) return [];
    return [{ id: `f ${key}`, words: filterWords(key, text), drop: () => change({ f: without(f, key) }) }];
  });
  const all = [...brushes, ...filters];
  if (all.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters">
      {all.map(({ id, words, drop }) => (
        <li key={id} className="chip">
          {words}
          <button type="button" aria-label={`Remove ${words}`} onClick={drop}>
            <Sign name="cross" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function filterWords(key: string, text: string): string {
  const isUnseen = key.startsWith('unseen.');
  const { name, unit } = metricWords(isUnseen ? key.slice(7) : key);
  const { min, max } = readRange(text) ?? { min: -Infinity, max: Infinity };
  const say = (value: number): string => `${decimal(value, Number.isInteger(value) ? 0 : 2)}${unit}`;
  const range =
    min === -Infinity
      ? `at most ${say(max)}`
      : max === Infinity
        ? `at least ${say(min)}`
        : `${say(min)} to ${say(max)}`;
  return `${isUnseen ? 'unseen ' : ''}${name} ${range}`;
}
