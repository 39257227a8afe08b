// The address is the state: a page names the fields of its query, with their types, and reads and writes them here. What an
// address has wrong is read as the field's default, never as an error.

/** One field of a query: how its text becomes a value, and back. */
export interface Field<T> {
  read(query: URLSearchParams, key: string): T;
  /** Writes the value; the default is left out of the address. */
  write(query: URLSearchParams, key: string, value: T): void;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Makes a field of one text. `parse` returns undefined for what is no value. */
function field<T>(parse: (text: string) => T | undefined, format: (value: T) => string, fallback: T): Field<T> {
  return {
    read(query, key) {
      const text = query.get(key);
      return text === null ? fallback : (parse(text) ?? fallback);
    },
    write(query, key, value) {
      if (value === fallback) query.delete(key);
      else query.set(key, format(value));
    },
  };
}

export const text = (fallback = ''): Field<string> => field((value) => value, String, fallback);

export const flag = (fallback = false): Field<boolean> =>
  field<boolean>(
    (value) => (value === '1' ? true : value === '0' ? false : undefined),
    (value) => (value ? '1' : '0'),
    fallback,
  );

export function oneOf<const T extends string>(values: readonly T[], fallback: NoInfer<T>): Field<T> {
  return field<T>((value) => values.find((one) => one === value), String, fallback);
}

/** A whole number from 0 on; null where there is none. */
export const index = (): Field<number | null> =>
  field<number | null>((value) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined), String, null);

/** Texts with commas between them; a text has no comma itself. */
export function list(): Field<readonly string[]> {
  return {
    read: (query, key) => (query.get(key) ?? '').split(',').filter((one) => one !== ''),
    write(query, key, value) {
      if (value.length === 0) query.delete(key);
      else query.set(key, value.join(','));
    },
  };
}

/** Fields that begin with the key and a dot, as `hold.rsi=14`: texts by the rest of their names. */
export function byName(): Field<Readonly<Record<string, string>>> {
  return {
    read(query, key) {
      const named = [...query].filter(([name]) => name.startsWith(`${key}.`));
      return Object.fromEntries(named.map(([name, value]) => [name.slice(key.length + 1), value]));
    },
    write(query, key, value) {
      for (const name of Array.from(query.keys())) if (name.startsWith(`${key}.`)) query.delete(name);
      for (const [name, one] of Object.entries(value)) query.set(`${key}.${name}`, one);
    },
  };
}

export function readSearch<F extends Fields>(fields: F, search: string): Values<F> {
  const query = new URLSearchParams(search);
  const values = Object.entries(fields).map(([key, one]) => [key, one.read(query, key)]);
  return Object.fromEntries(values) as Values<F>;
}

/** Returns the query with changes, without `?`; what it has beside the fields stays. */
export function writeSearch<F extends Fields>(fields: F, search: string, changes: Partial<Values<F>>): string {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) fields[key]?.write(query, key, value);
  return query.toString().replaceAll('%2C', ',');
}
