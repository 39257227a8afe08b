// The variant under the pointer or the focus of the table: the map and the bands draw where it lies.

import { openStore } from '../lib/store.ts';

/** Its variant_index; null: none. */
export const hovered = openStore<number | null>(null);
