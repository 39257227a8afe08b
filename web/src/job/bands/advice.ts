// What to do about a job that failed, by the code of its error.

const ADVICE: Readonly<Record<string, string>> = {
  out_of_memory: 'Search fewer variants at once, or give the worker more memory, and run it again.',
  stalled: 'A worker computed and said nothing. If it happens again, the log of the worker says where it stood.',
  candles_unreachable: 'See that the source of the candles answers, and run it again.',
  worker_lost: 'Its workers died again and again: see their logs and the memory of the machine, then run it again.',
  child_crashed: 'Its process died again and again: the log of the worker has the last words of it.',
  result_not_storable: 'The result holds what cannot be stored: keep fewer variants (top_k), and run it again.',
  compute_failed:
    'The log of the worker has the whole error. A spec that changes what fails can be made from this one.',
};

/** Returns a way out. */
export function adviceFor(code: string): string {
  return ADVICE[code] ?? 'The log of the worker has the whole error. What is written here says what to change.';
}
