// The problems that the engine finds, at the fields that they are about. A field stands for its path and all below it,
// unless a field deeper down is there.

export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Tests whether a path is another one or lies below it. */
function isWithin(path: string, field: string): boolean {
  if (field === '') return true;
  if (!path.startsWith(field)) return false;
  const next = path[field.length];
  return next === undefined || next === '.' || next === '[';
}

/** Finds the field of a problem: the deepest of those that its path lies in; null: there is none. */
export function fieldOf(path: string, fields: readonly string[]): string | null {
  const around = fields.filter((field) => isWithin(path, field));
  return around.reduce<string | null>((best, one) => (best === null || one.length > best.length ? one : best), null);
}

/** Groups problems by field; the key '' has those that no field is there for. */
export function byField(
  problems: readonly Problem[],
  fields: readonly string[],
): ReadonlyMap<string, readonly Problem[]> {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const field = fieldOf(problem.path, fields) ?? '';
    groups.set(field, [...(groups.get(field) ?? []), problem]);
  }
  return groups;
}

/** What is wrong with a rule, and where. */
export interface RuleFault {
  /** The first character is 1. */
  readonly column: number;
  readonly length: number;
  /** The sentence without what is offered as a button. */
  readonly words: string;
  /** Word that was probably meant in the place of the one at the column. */
  readonly use: string | null;
  /** Name that could be a parameter. */
  readonly name: string | null;
}

/** Reads the message of a problem with a rule: a column, the sentence, the text and carets under it. */
export function ruleFault({ message }: Problem): RuleFault | null {
  const [head = '', ...lines] = message.split('\n');
  const [, column, sentence = ''] = /^column (\d+): (.*)$/.exec(head) ?? [];
  if (column === undefined) return null;
  const length = /\^+/.exec(lines.at(-1) ?? '')?.[0].length ?? 1;
  const [, use = null] = /; did you mean ([a-z_]\w*)\?$/.exec(sentence) ?? [];
  const words = sentence.replace(/; (did you mean .*\?|parameters stand in params)$/, '');
  const [, name = null] = /^there is no ([a-z_][a-z0-9_]*)$/.exec(words) ?? [];
  return { column: Number(column), length, words, use, name };
}

/** Replaces what a fault is about by another word. */
export function withWord(text: string, { column, length }: RuleFault, word: string): string {
  return text.slice(0, column - 1) + word + text.slice(column - 1 + length);
}
