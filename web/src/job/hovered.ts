// The variant of the table under the pointer or the focus: other panels show where it lies.

import { openStore } from '../lib/store.ts';

export const hovered = openStore<number | null>(null);
