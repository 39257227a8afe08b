// The feed of changes: one look at the database for all who watch, however many, at most four times a second; a notice
// only makes the next look come sooner. What changed gets a number and is kept for a while, so that a client whose
// connection broke goes on where it was.

import { randomBytes } from 'node:crypto';
import { MOST_WATCHED, type Watch, type WatchedJob } from '../queue/reads/watched.ts';

export interface JobChange {
  readonly number: number;
  readonly user_id: string;
  readonly job_id: string;
  /** job: its status; top: its best rows were written; gone: it was deleted. */
  readonly kind: 'job' | 'top' | 'gone';
  /** JSON. */
  readonly data: string;
}

/** Whose changes, and of which job; null: of all. */
export interface Interest {
  readonly user_id: string;
  readonly job_id: string | null;
}

export interface Feed extends AsyncDisposable {
  /** Calls `take` with changes until the returned act is called. The jobs of the user that go on are changes at first. */
  subscribe(interest: Interest, take: (changes: readonly JobChange[]) => void): () => void;
  /** Names the place after the last change, for `since`. */
  id(): string;
  idOf(change: JobChange): string;
  /** The changes after a place, of each job the latest; null: the place is too old, or of another process. */
  since(id: string, interest: Interest): readonly JobChange[] | null;
  /** Makes the next look come as soon as the pace allows. */
  hurry(): void;
}

export interface FeedOptions {
  readonly read: (watch: Watch) => Promise<readonly WatchedJob[]>;
  /** The status of a job as JSON. */
  readonly statusOf: (job: WatchedJob) => string;
  /** Told when a look failed. */
  readonly onTrouble: (error: unknown) => void;
  /** Between looks, and at least between them. */
  readonly everyMs?: number;
  readonly leastMs?: number;
}

const EVERY_MS = 500;
const LEAST_MS = 250;
/** Changes that are kept. */
const KEPT = 5000;
/** A job that has ended may still be new, and is not told again so long. */
const REMEMBERED_MS = 60_000;
/** A job that was submitted before the last look may have been committed after it. */
const NEW_SECONDS = 5;

interface Known {
  readonly user_id: string;
  readonly goesOn: boolean;
  readonly status: string;
  readonly top_at: string | null;
  readonly seenAt: number;
}

interface Subscriber {
  readonly interest: Interest;
  readonly take: (changes: readonly JobChange[]) => void;
}

export function openFeed(options: FeedOptions): Feed {
  return new PolledFeed(options);
}

class PolledFeed implements Feed {
  readonly #options: Required<FeedOptions>;
  /** Tells the numbers of this process from those of another. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #subscribers = new Set<Subscriber>();
  readonly #known = new Map<string, Known>();
  /** For each user who watches, or did at the last look, the change before which nobody looked for them. */
  readonly #watchedFrom = new Map<string, number>();
  #kept: JobChange[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #lookedAt = 0;
  /** The last look that had an answer: what came since is new. */
  #readAt = 0;
  #closed = false;

  constructor(options: FeedOptions) {
    this.#options = { everyMs: EVERY_MS, leastMs: LEAST_MS, ...options };
  }

  subscribe(interest: Interest, take: Subscriber['take']): () => void {
    const subscriber = { interest, take };
    // A user who watches already has jobs that are known: the newcomer hears of them from a look that has forgotten them.
    for (const [job_id, { user_id, goesOn }] of this.#known)
      if (user_id === interest.user_id && goesOn) this.#forget(job_id);
    if (!this.#watchedFrom.has(interest.user_id)) this.#watchedFrom.set(interest.user_id, this.#number);
    this.#subscribers.add(subscriber);
    this.hurry();
    return () => {
      this.#subscribers.delete(subscriber);
    };
  }

  id(): string {
    return `${this.#epoch}.${this.#number}`;
  }

  idOf({ number }: JobChange): string {
    return `${this.#epoch}.${number}`;
  }

  since(id: string, interest: Interest): readonly JobChange[] | null {
    const [epoch, text = ''] = id.split('.');
    const number = Number(text);
    // While others watched and this user did not, what became of the user's jobs was not seen.
    const oldest = Math.max(this.#number - this.#kept.length, this.#watchedFrom.get(interest.user_id) ?? Infinity);
    if (epoch !== this.#epoch || !(number >= oldest && number <= this.#number)) return null;
    return latest(this.#kept.filter((change) => change.number > number && concerns(interest, change)));
  }

  hurry(): void {
    this.#schedule(this.#options.leastMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#subscribers.clear();
    await this.#looking;
  }

  #forget(job_id: string): void {
    const known = this.#known.get(job_id);
    if (known !== undefined) this.#known.set(job_id, { ...known, status: '', top_at: null });
  }

  #schedule(afterMs: number): void {
    if (this.#closed || this.#subscribers.size === 0 || this.#looking !== null) return;
    clearTimeout(this.#timer);
    const due = Math.max(0, this.#lookedAt + afterMs - performance.now());
    this.#timer = setTimeout(() => {
      // Streams stay, and go on when the trouble is over.
      const looking = this.#look().catch(this.#options.onTrouble);
      this.#looking = looking.finally(() => {
        this.#looking = null;
        this.#schedule(this.#options.everyMs);
      });
    }, due);
  }

  async #look(): Promise<void> {
    const startedAt = performance.now();
    const user_ids = [...new Set([...this.#subscribers].map(({ interest }) => interest.user_id))];
    this.#prune(new Set(user_ids), startedAt);
    const job_ids = [...this.#known].flatMap(([job_id, { goesOn }]) => (goesOn ? [job_id] : []));
    const new_seconds = (this.#readAt === 0 ? 0 : (startedAt - this.#readAt) / 1000) + NEW_SECONDS;
    this.#lookedAt = startedAt;
    const jobs = await this.#options.read({ user_ids, job_ids, new_seconds });
    this.#readAt = startedAt;
    const before = this.#number;
    for (const job of jobs) this.#compare(job, startedAt);
    const there = new Set(jobs.map(({ job_id }) => job_id));
    // Of more jobs than are looked at, one that is not there may have been left out.
    if (jobs.length < MOST_WATCHED) for (const job_id of job_ids) if (!there.has(job_id)) this.#lose(job_id);
    const changes = this.#kept.filter(({ number }) => number > before);
    this.#kept = this.#kept.slice(-KEPT); // who watches hears of all, however many
    if (changes.length === 0) return;
    const byUser = Map.groupBy(changes, ({ user_id }) => user_id);
    for (const { interest, take } of this.#subscribers) {
      const own = byUser.get(interest.user_id)?.filter((change) => concerns(interest, change)) ?? [];
      if (own.length > 0) take(own);
    }
  }

  #compare(job: WatchedJob, seenAt: number): void {
    const { user_id, job_id, state, top_at } = job;
    const known = this.#known.get(job_id);
    const status = this.#options.statusOf({ ...job, updated_at: job.created_at }); // every heartbeat writes the first
    if (known?.status !== status) this.#add({ user_id, job_id, kind: 'job', data: this.#options.statusOf(job) });
    if (top_at !== null && top_at !== (known?.top_at ?? null)) {
      this.#add({ user_id, job_id, kind: 'top', data: JSON.stringify({ job_id, top_at }) });
    }
    const goesOn = state === 'queued' || state === 'running';
    this.#known.set(job_id, { user_id, goesOn, status, top_at, seenAt: goesOn || !known ? seenAt : known.seenAt });
  }

  #lose(job_id: string): void {
    const known = this.#known.get(job_id);
    if (known === undefined) return;
    this.#known.delete(job_id);
    this.#add({ user_id: known.user_id, job_id, kind: 'gone', data: JSON.stringify({ job_id }) });
  }

  #add(change: Omit<JobChange, 'number'>): void {
    this.#number += 1;
    this.#kept.push({ ...change, number: this.#number });
  }

  /** Forgets the jobs of users who have left, and those that ended long ago. */
  #prune(user_ids: ReadonlySet<string>, now: number): void {
    for (const user_id of this.#watchedFrom.keys()) if (!user_ids.has(user_id)) this.#watchedFrom.delete(user_id);
    for (const [job_id, { user_id, goesOn, seenAt }] of this.#known) {
      if (!user_ids.has(user_id) || (!goesOn && now - seenAt > REMEMBERED_MS)) this.#known.delete(job_id);
    }
  }
}

function concerns({ user_id, job_id }: Interest, change: JobChange): boolean {
  return change.user_id === user_id && (job_id === null || change.job_id === job_id);
}

/** Of each job and kind the latest change, in order. */
export function latest(changes: readonly JobChange[]): readonly JobChange[] {
  const last = new Map<string, JobChange>();
  for (const change of changes) {
    const key = `${change.kind} ${change.job_id}`;
    last.delete(key);
    last.set(key, change);
  }
  return [...last.values()];
}
