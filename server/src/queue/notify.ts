// What submit, cancel and release tell whoever listens: channel backtest_jobs, payload {"verb","job_id"}. A hint to look,
// never a message to rely on: NOTIFY is lost on a reconnect and behind a transaction pooler, and everything polls too.

export const NOTIFY_CHANNEL = 'backtest_jobs';

const VERBS = ['submit', 'cancel', 'release'] as const;
type Verb = (typeof VERBS)[number];

export interface Notice {
  readonly verb: Verb;
  readonly job_id: string;
}

/** SQL expression that sends the notice of a row with a job_id. PostgreSQL delivers it at commit. */
export function notice(verb: Verb): string {
  return `pg_notify('${NOTIFY_CHANNEL}', json_build_object('verb', '${verb}', 'job_id', job_id)::text)`;
}

/** Null for what is not ours: anybody may notify on the channel. */
export function parseNotice(payload: string | undefined): Notice | null {
  try {
    const heard: unknown = JSON.parse(payload ?? '');
    return isNotice(heard) ? { verb: heard.verb, job_id: heard.job_id } : null;
  } catch {
    return null;
  }
}

function isNotice(value: unknown): value is Notice {
  if (typeof value !== 'object' || value === null || !('verb' in value) || !('job_id' in value)) return false;
  return VERBS.some((verb) => verb === value.verb) && typeof value.job_id === 'string';
}
