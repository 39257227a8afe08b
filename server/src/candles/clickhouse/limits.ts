// Limits under which a server ends an answer early and reports no error. A count that was ended early agrees with the rows
// that were ended early in the same way, so both look whole: what the server has read for an answer is compared with its limits.

/** A limit that ends answers instead of refusing them. */
export interface Limit {
  readonly name: string;
  readonly most: number;
  /** Setting that says so, and its value; null for a limit that always does. */
  readonly mode: string | null;
}

/** What the server says of an answer in JSON. */
interface Statistics {
  readonly rows: number;
  readonly statistics?: { readonly elapsed: number; readonly rows_read: number; readonly bytes_read: number };
}

/** Limits, and the setting that says what happens at them. */
const MODES: Readonly<Record<string, string | null>> = {
  max_rows_to_read: 'read_overflow_mode',
  max_bytes_to_read: 'read_overflow_mode',
  max_rows_to_read_leaf: 'read_overflow_mode_leaf',
  max_bytes_to_read_leaf: 'read_overflow_mode_leaf',
  max_execution_time: 'timeout_overflow_mode',
  max_execution_time_leaf: 'timeout_overflow_mode_leaf',
  max_result_rows: 'result_overflow_mode',
  max_result_bytes: 'result_overflow_mode',
  max_rows_to_group_by: 'group_by_overflow_mode',
  max_rows_to_sort: 'sort_overflow_mode',
  max_bytes_to_sort: 'sort_overflow_mode',
  max_rows_in_distinct: 'distinct_overflow_mode',
  max_bytes_in_distinct: 'distinct_overflow_mode',
  limit: null,
  offset: null,
};

/** Asks for the settings that are in force for this user, as tab-separated lines. */
export function limitsQuery(): string {
  const names = new Set([...Object.keys(MODES), ...Object.values(MODES)]);
  const list = [...names].flatMap((name) => (name === null ? [] : `'${name}'`)).join(', ');
  return `select name, value from system.settings where name in (${list}) order by name format TabSeparated`;
}

/** Selects the limits that end answers early. */
export function endingLimits(answer: string): readonly Limit[] {
  const lines = answer.split('\n').filter(Boolean);
  const settings = new Map(lines.map((line) => line.split('\t') as [string, string]));
  return Object.entries(MODES).flatMap(([name, mode]) => {
    const most = Number(settings.get(name) ?? 0);
    const says = mode === null ? null : (settings.get(mode) ?? 'throw');
    return most > 0 && says !== 'throw' ? [{ name, most, mode: mode === null ? null : `${mode} = ${says}` }] : [];
  });
}

/** Returns the limits that an answer has reached; all of them where the server does not say what it has read. */
export function reachedLimits({ rows, statistics }: Statistics, limits: readonly Limit[]): readonly Limit[] {
  if (statistics === undefined) return limits;
  const { elapsed, rows_read, bytes_read } = statistics;
  const reached: Readonly<Record<string, (most: number) => boolean>> = {
    max_rows_to_read: (most) => rows_read > most,
    max_bytes_to_read: (most) => bytes_read > most,
    max_execution_time: (most) => elapsed >= most,
    max_result_rows: (most) => rows >= most,
    max_rows_to_group_by: (most) => rows >= most,
    max_rows_to_sort: (most) => rows >= most,
    limit: (most) => rows >= most,
    offset: () => true,
  };
  return limits.filter(({ name, most }) => reached[name]?.(most));
}

/** Names limits, and says what to do about them. */
export function limitsText(limits: readonly Limit[]): string {
  const named = limits.map(({ name, most, mode }) => `${name} = ${most}${mode === null ? '' : ` with ${mode}`}`);
  return `it ends answers early by ${named.join(', ')}: raise ${limits.length === 1 ? 'it' : 'them'} for this user, or let the server throw`;
}
