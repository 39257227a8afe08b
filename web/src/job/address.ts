// What the address of a job's page says.

import { byName, flag, list, oneOf, text } from '../lib/search.ts';

export const FIELDS = {
  /** Whether the numbers behind the verdict are shown. */
  why: flag(),
  /** The part that has the whole width. */
  focus: oneOf(['none', 'top', 'map', 'best'], 'none'),
  sort: text(),
  f: byName(),
  brush: byName(),
  group: flag(true),
  sel: list(),
  hidden: text(),
};
