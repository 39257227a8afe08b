// The variants that were chosen to be compared, kept as long as the tab is open.

import { openStore } from '../lib/store.ts';

/** A variant as addresses name it: `<job>.<index>`. */
export type VariantName = string;

export const MOST = 8;

const KEY = 'compare';

/** Reads a list of names; what is no name is left out, and so is what is there twice, or too much. */
export function readNames(texts: readonly string[]): readonly VariantName[] {
  const names = texts.filter((text) => /^[0-9a-f-]{36}\.\d{1,15}$/.test(text));
  return [...new Set(names)].slice(0, MOST);
}

export const nameOf = (job_id: string, variant_index: number): VariantName => `${job_id}.${variant_index}`;

export function partsOf(name: VariantName): { readonly job_id: string; readonly variant_index: number } {
  const [job_id = '', index = ''] = name.split('.');
  return { job_id, variant_index: Number(index) };
}

export const chosen = openStore<readonly VariantName[]>(readStored());

function readStored(): readonly VariantName[] {
  const text = globalThis.sessionStorage?.getItem(KEY) ?? '';
  return readNames(text.split(','));
}

/** Chooses a variant, or no longer; a ninth pushes the first out. */
export function toggle(name: VariantName): void {
  const before = chosen.get();
  const next = before.includes(name) ? before.filter((one) => one !== name) : [...before, name].slice(-MOST);
  chosen.set(next);
  globalThis.sessionStorage?.setItem(KEY, next.join(','));
}

export const compareAddress = (names: readonly VariantName[]): string => `/compare?v=${names.join(',')}`;
