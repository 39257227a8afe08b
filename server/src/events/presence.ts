// Who watches and is still signed in: one question to the database for all open streams of the process, every two seconds. A
// stream whose session, token or account is over ends, wherever that happened: here, in another process, by the command line.

/** What lets a stream stay open. */
export interface Proof {
  /** Of a session, a token or an account; null: a machine without accounts needs none. */
  readonly id: string | null;
  /** Epoch milliseconds at which it is over, whatever the database says; left out: the database knows. */
  readonly until?: number | undefined;
}

export interface Presence extends AsyncDisposable {
  /** Calls `end` once when the proof is good no more, unless the returned act was called before. */
  hold(proof: Proof, end: () => void): () => void;
}

interface PresenceOptions {
  /** Returns those of the ids that are still good. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Told when a question failed: streams stay, and end by their age if the trouble lasts. */
  readonly onTrouble: (error: unknown) => void;
  readonly everyMs?: number;
}

/** With the time of an answer well within the five seconds that are promised. */
const EVERY_MS = 2000;

interface Holder {
  readonly proof: Proof;
  readonly end: () => void;
}

export function openPresence({ read, onTrouble, everyMs = EVERY_MS }: PresenceOptions): Presence {
  const holders = new Set<Holder>();
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | null = null;
  let closed = false;

  async function look(): Promise<void> {
    const asked = [...holders];
    const ids = new Set(asked.flatMap(({ proof }) => proof.id ?? []));
    const good = await read([...ids]);
    const now = Date.now();
    for (const holder of asked) {
      const { id, until = Infinity } = holder.proof;
      if (((id === null || good.has(id)) && until > now) || !holders.delete(holder)) continue;
      holder.end();
    }
  }

  function schedule(afterMs: number): void {
    if (closed || asking !== null || timer !== undefined || holders.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      const startedAt = performance.now();
      asking = look()
        .catch(onTrouble)
        .finally(() => {
          asking = null;
          schedule(Math.max(0, everyMs - (performance.now() - startedAt)));
        });
    }, afterMs).unref();
  }

  return {
    hold(proof, end) {
      if (proof.id === null && proof.until === undefined) return () => {};
      const holder = { proof, end };
      holders.add(holder);
      schedule(everyMs);
      return () => void holders.delete(holder);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      holders.clear();
      await asking;
    },
  };
}
