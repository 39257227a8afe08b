// What was asked for last, up to a number of bytes: what was not used for longest goes first.

export interface Kept<T> {
  /** Returns what is kept under a name, which is now the last one used. */
  get(name: string): T | undefined;
  /** Keeps a thing, whatever it has, and gives up others until all of them have no more than the bytes. */
  put(name: string, thing: T, bytes: number): void;
  drop(name: string): void;
}

export function openKept<T>(mostBytes: number): Kept<T> {
  const kept = new Map<string, { readonly thing: T; readonly bytes: number }>(); // latest use last
  let all = 0;
  const drop = (name: string): void => {
    all -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
  };
  return {
    get(name) {
      const found = kept.get(name);
      if (found === undefined) return undefined;
      kept.delete(name);
      kept.set(name, found);
      return found.thing;
    },
    put(name, thing, bytes) {
      drop(name);
      kept.set(name, { thing, bytes });
      all += bytes;
      for (const old of kept.keys()) {
        if (old === name || all <= mostBytes) break;
        drop(old);
      }
    },
    drop,
  };
}
