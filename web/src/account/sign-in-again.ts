// A session that has ended leads to signing in, and back to where one was.

import { ApiError } from '@backtest-jobs/client';

/** Goes to the page that signs in when the API says that nobody is signed in. */
export function signInAgain(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  const { pathname, search } = globalThis.location;
  if (pathname === '/sign-in') return;
  globalThis.location.assign(`/sign-in?back=${encodeURIComponent(pathname + search)}`);
}

/** Returns where to go after signing in: a page of this screen, never another host. */
export function wayBack(search: string, origin: string): string {
  const back = URL.parse(new URLSearchParams(search).get('back') ?? '/jobs', origin);
  // The whole address: of `/.//host` the path alone is `//host`, which is another host.
  return back?.origin === origin ? back.href : `${origin}/jobs`;
}
