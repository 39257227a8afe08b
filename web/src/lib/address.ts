// The query of the address as the state of a page.

import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { readSearch, writeSearch, type Fields, type Values } from './search.ts';

/**
 * Reads the fields of the page's query, and returns how to change them. A change replaces the address, as a slider does
 * that moves; with `push` it is a step that Back goes back from.
 */
export function useAddress<F extends Fields>(
  fields: F,
): readonly [Values<F>, (changes: Partial<Values<F>>, how?: { readonly push?: boolean }) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const values = useMemo(() => readSearch(fields, search), [fields, search]);
  const change = useCallback(
    (changes: Partial<Values<F>>, { push = false } = {}) => {
      // The address of now, not that of the last drawing: two changes in one turn are both kept.
      const query = writeSearch(fields, globalThis.location.search, changes);
      const path = globalThis.location.pathname;
      navigate(query === '' ? path : `${path}?${query}`, { replace: !push });
    },
    [fields, navigate],
  );
  return [values, change];
}
