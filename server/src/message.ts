// What went wrong in a line, whatever was thrown.

/** pg and fetch sometimes reject with an AggregateError, whose own message is empty. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError && error.errors.length > 0 ? messageOf(error.errors[0]) : error.name;
}
