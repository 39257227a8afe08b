// What is wrong with what a caller gave. All of it is reported at once, each problem with the path of its field, so
// that nobody has to send a spec five times to learn five things.

/** One thing that is wrong with an input. */
export interface Problem {
  /** Where: `template.indicator_grids[1].params.fast_window.values[2]`; empty for the input as a whole. */
  readonly path: string;
  /** A word for programs: `unknown_field`, `duplicate_value`, `too_many_variants`. */
  readonly code: string;
  /** A sentence for people: names the input and the rule. */
  readonly message: string;
}

/** Problems a message names; all of them are in `problems`. */
const NAMED = 3;

/** A SpecError with one problem. */
export function specError(path: string, code: string, message: string): SpecError {
  return new SpecError([{ path, code, message }]);
}

/** A reply of a million problems helps nobody; the rest is counted. */
export const MOST_PROBLEMS = 1000;

/** Makes what a gate throws; `place` moves a problem to where the input has it. */
export function refusal(problems: readonly Problem[], place: (problem: Problem) => Problem = (one) => one): SpecError {
  const more = problems.length - MOST_PROBLEMS;
  const listed = problems.slice(0, MOST_PROBLEMS).map(place);
  if (more <= 0) return new SpecError(listed);
  const rest = { path: '', code: 'more_problems', message: `${more} more problems are not listed` };
  return new SpecError([...listed, rest]);
}

function order(a: Problem, b: Problem): number {
  if (a.path === b.path) return 0; // the sort is stable: found first, told first
  return a.path < b.path ? -1 : 1;
}

function sentence({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The caller's fault: HTTP 422, exit code 2. */
export class SpecError extends Error {
  /** Sorted by path. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort(order);
    const more = sorted.length > NAMED ? `; and ${sorted.length - NAMED} more` : '';
    super(sorted.slice(0, NAMED).map(sentence).join('; ') + more);
    this.name = 'SpecError';
    this.problems = sorted;
  }
}
