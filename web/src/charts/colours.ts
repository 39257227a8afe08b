// Colours of the theme for what is drawn on canvas.

/** Returns a colour of the theme by the name of its CSS variable. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Returns a colour of the theme at a part of its strength. */
export function paleColour(name: string, strength: number): string {
  return `color-mix(in srgb, ${colour(name)} ${strength * 100}%, transparent)`;
}

/** Calls back when the colours have changed, by choice or with those of the system. */
export function onThemeChange(changed: () => void): () => void {
  const system = globalThis.matchMedia('(prefers-color-scheme: dark)');
  globalThis.addEventListener('themechange', changed);
  system.addEventListener('change', changed);
  return () => {
    globalThis.removeEventListener('themechange', changed);
    system.removeEventListener('change', changed);
  };
}
