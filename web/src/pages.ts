// The addresses of the screen and the page of each. The server sends the screen for the same ones
// (server/src/api/pages.ts); a test compares the two lists.

import { lazy } from 'react';

/** Each page comes in a script of its own, when it is opened. */
export const PAGES = {
  '/jobs': lazy(() => import('./jobs/JobsPage.tsx')),
  '/jobs/new': lazy(() => import('./new-job/NewJobPage.tsx')),
  '/jobs/:job_id/variants/:variant_index': lazy(() => import('./variant/VariantPage.tsx')),
  '/jobs/:job_id': lazy(() => import('./job/JobPage.tsx')),
  '/compare': lazy(() => import('./compare/ComparePage.tsx')),
  '/saved': lazy(() => import('./saved/SavedPage.tsx')),
  '/candles': lazy(() => import('./candles/CandlesPage.tsx')),
  '/account': lazy(() => import('./account/AccountPage.tsx')),
  '/sign-in': lazy(() => import('./account/SignInPage.tsx')),
} as const;
