// The top bar: where one can go, how the screen stands to the server, and New job, the only filled button.

import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { Link, useLocation } from 'wouter';
import { whoIsHere } from './account/who.ts';
import { useKeys } from './lib/keys.ts';
import { useStore } from './lib/store.ts';
import { connection, connectionWords } from './live/connection.ts';
import { Sign } from './parts/Sign.tsx';

const PLACES = [
  ['/jobs', 'Jobs'],
  ['/saved', 'Strategies'],
  ['/candles', 'Candles'],
] as const;

export function Bar({ onKeys }: { readonly onKeys: () => void }): JSX.Element {
  const [path, navigate] = useLocation();
  useKeys({ n: () => navigate('/jobs/new'), '?': onKeys });
  const isInside = path !== '/sign-in';
  return (
    <header className="bar">
      <Link className="brand" href="/jobs" aria-label="Backtest Jobs">
        <Sign name="brand" />
        <span>Backtest Jobs</span>
      </Link>
      {isInside && (
        <nav aria-label="Pages">
          {PLACES.map(([to, words]) => (
            <Link key={to} href={to} {...((path === to || path.startsWith(`${to}/`)) && { 'aria-current': 'page' })}>
              {words}
            </Link>
          ))}
        </nav>
      )}
      <div className="tools">
        {isInside && <ConnectionMark />}
        <button type="button" className="btn quiet icon hint" aria-label="Keys" onClick={onKeys}>
          <kbd>?</kbd>
        </button>
        <ThemeButton />
        {isInside && <AccountLink />}
        {isInside && (
          <Link className="btn primary new" href="/jobs/new" aria-label="New job">
            <Sign name="plus" />
            <span>New job</span>
          </Link>
        )}
      </div>
    </header>
  );
}

function ConnectionMark(): JSX.Element {
  const now = useStore(connection);
  return (
    <span className="connection" data-state={now.state} role="status">
      <i />
      {connectionWords(now)}
    </span>
  );
}

function AccountLink(): JSX.Element {
  const { data: user } = useQuery(whoIsHere);
  return (
    <Link className="btn quiet icon" href="/account" aria-label={`Account${user?.name ? ` of ${user.name}` : ''}`}>
      <Sign name="person" />
    </Link>
  );
}

/** Goes from light to dark and back; at first the colours are those of the system. */
function ThemeButton(): JSX.Element {
  const [isDark, setDark] = useState(isDarkNow);
  const turn = (): void => {
    const theme = isDark ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // a browser that keeps nothing has it until it is closed
    }
    setDark(!isDark);
    globalThis.dispatchEvent(new Event('themechange')); // canvases read their colours anew
  };
  return (
    <button
      type="button"
      className="btn quiet icon"
      aria-label={isDark ? 'Light colours' : 'Dark colours'}
      onClick={turn}
    >
      <Sign name={isDark ? 'sun' : 'moon'} />
    </button>
  );
}

function isDarkNow(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}
