// A spec as YAML that people read: what is one thing stands on one line.

import { Document, isMap, isScalar, visit } from 'yaml';
import type { PlainObject } from './plain.ts';

/** Members that make an object one thing: an axis, an instrument, a range of time. */
const ONE = new Set(['mode', 'market_id', 'start', 'primary_metric', 'min_trades', 'n', 'permutations']);

export function yamlText(spec: PlainObject): string {
  const document = new Document(spec);
  visit(document, {
    Map(_, node) {
      const isOne = node.items.some(({ key, value }) => isScalar(key) && ONE.has(String(key.value)) && !isMap(value));
      if (isOne) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}
