// The colours of the tokens as a canvas needs them, read anew when they change.

import { rgbOf, type Rgb } from './rgb.ts';

export interface Palette {
  readonly font: string;
  readonly surface: string;
  readonly inset: string;
  readonly hatch: string;
  readonly line: string;
  readonly line2: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly gain: string;
  /** From far below the centre to far above it. */
  readonly heat: readonly Rgb[];
}

let known: Palette | null = null;

export function palette(): Palette {
  known ??= readPalette();
  return known;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    font: read('font'),
    surface: read('surface'),
    inset: read('inset'),
    hatch: read('hatch'),
    line: read('line'),
    line2: read('line-2'),
    ink: read('ink'),
    ink2: read('ink-2'),
    ink3: read('ink-3'),
    accent: read('accent'),
    gain: read('gain'),
    heat: Array.from({ length: 13 }, (_, stop) => rgbOf(read(`heat-${stop}`))),
  };
}

/** Calls when the colours have changed, until it is ended. */
export function onColours(changed: () => void): () => void {
  const hear = (): void => {
    known = null;
    changed();
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  globalThis.addEventListener('themechange', hear);
  dark.addEventListener('change', hear);
  return () => {
    globalThis.removeEventListener('themechange', hear);
    dark.removeEventListener('change', hear);
  };
}
