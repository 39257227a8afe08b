// The public surface: a typed client of the HTTP API, and what a program needs beside single requests.

export { ApiError, orThrow, type ErrorCode } from './api-error.ts';
export { createClient, type Client, type ClientOptions } from './create-client.ts';
export type { components, paths } from './openapi.ts';
export { readBands, readSurface, type Bins, type Surface, type SurfaceMap, type SurfaceScores } from './surface.ts';
export { hasEnded, waitForJob, type WaitOptions } from './wait-for-job.ts';
export { watchJobs, type JobEvent, type WatchOptions } from './watch-jobs.ts';

import type { components } from './openapi.ts';

/** The shapes of the API by their names in its document: `Schemas['JobStatus']`. */
export type Schemas = components['schemas'];
