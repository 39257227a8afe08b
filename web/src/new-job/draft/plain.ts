// Values as YAML and JSON have them, read and changed by path. Nothing is changed in place.

export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}
export type Path = readonly (string | number)[];

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the value at a path; undefined where there is none. */
export function at(value: unknown, path: Path): Plain | undefined {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[key];
  }
  return here as Plain | undefined;
}

/** Writes the text or number at a path; empty where there is another thing, or none. */
export function textAt(value: unknown, path: Path): string {
  return textOf(at(value, path));
}

/** Writes a value that is a text or a number; other things are JSON. */
export function textOf(value: Plain | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns an object with another value at a path; undefined takes out what is there, and objects that it leaves empty. */
export function put(value: PlainObject, path: Path, next: Plain | undefined): PlainObject {
  const changed = putInto(value, path, next);
  return isObject(changed) ? changed : {};
}

function putInto(value: Plain | undefined, path: Path, next: Plain | undefined): Plain | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? (value as readonly Plain[]) : [];
    const member = putInto(list[key], rest, next);
    return member === undefined ? list.filter((_, position) => position !== key) : list.toSpliced(key, 1, member);
  }
  const members = isObject(value) ? value : {};
  const member = putInto(members[key], rest, next);
  if (member !== undefined) return { ...members, [key]: member };
  const { [key]: _, ...others } = members;
  return Object.keys(others).length === 0 ? undefined : others;
}

/** Writes a path as the engine does in its problems: `template.indicator_grids[0].params.window`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
