// One stream of events a browser: the tab that holds the lock reads it and passes what it hears to the others. When it
// closes, the lock goes to the next. A browser without locks (plain http off this machine) has a stream in each tab.

export interface Leader<T> {
  /** Passes a message to the other tabs. */
  readonly tell: (message: T) => void;
  readonly end: () => void;
}

export interface LeaderParts<T> {
  readonly name: string;
  /** Does the work of the leading tab until the signal is aborted. */
  readonly lead: (tell: (message: T) => void, signal: AbortSignal) => Promise<void>;
  /** Hears what the leading tab passes on. */
  readonly hear: (message: T) => void;
  /** Says what a tab that has just come should know; asked of the leading tab. */
  readonly welcome: () => T;
}

type Letter<T> = { readonly from: 'leader'; readonly message: T } | { readonly from: 'newcomer' };

/** Opens this tab's part. */
export function openLeader<T>({ name, lead, hear, welcome }: LeaderParts<T>): Leader<T> {
  const stop = new AbortController();
  const channel = new BroadcastChannel(name);
  let leads = false;
  const tell = (message: T): void => channel.postMessage({ from: 'leader', message } satisfies Letter<T>);
  channel.addEventListener('message', ({ data }: MessageEvent<Letter<T>>) => {
    if (data.from === 'leader') hear(data.message);
    else if (leads) tell(welcome());
  });
  const run = async (): Promise<void> => {
    leads = true;
    await lead(tell, stop.signal);
  };
  channel.postMessage({ from: 'newcomer' } satisfies Letter<T>);
  void (typeof navigator.locks === 'undefined'
    ? run()
    : navigator.locks.request(name, { signal: stop.signal }, run).catch(() => {})); // ended before it was its turn
  return {
    tell,
    end() {
      stop.abort();
      channel.close();
    },
  };
}
