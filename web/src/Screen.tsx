// The frame around every page: bar, page, notices.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type JSX } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { whoIsHere } from './account/who.ts';
import { Bar } from './Bar.tsx';
import { followServer } from './live/live.ts';
import { PAGES } from './pages.ts';
import { KeysBox } from './parts/KeysBox.tsx';
import { NotFound } from './parts/NotFound.tsx';
import { Notices } from './parts/notices.tsx';
import { PageBoundary } from './parts/PageBoundary.tsx';

export function Screen(): JSX.Element {
  const [keysShown, showKeys] = useState(false);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Bar onKeys={() => showKeys(true)} />
      <Live />
      <main id="main" tabIndex={-1} className="page">
        <PageBoundary>
          <Switch>
            <Route path="/">
              <Redirect to="/jobs" replace />
            </Route>
            {Object.entries(PAGES).map(([path, Page]) => (
              <Route key={path} path={path} component={Page} />
            ))}
            <Route>
              <NotFound what="There is no such page." />
            </Route>
          </Switch>
        </PageBoundary>
      </main>
      <Notices />
      {keysShown && <KeysBox onClose={() => showKeys(false)} />}
    </>
  );
}

/** Follows the server for whoever is signed in. */
function Live(): null {
  const cache = useQueryClient();
  const { data: user } = useQuery({ ...whoIsHere, enabled: globalThis.location.pathname !== '/sign-in' });
  const id = user?.user_id;
  useEffect(() => (id === undefined ? undefined : followServer(cache, id)), [cache, id]);
  return null;
}
