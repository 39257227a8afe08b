// The HTTP API: one Fastify server with the routes of every resource, under / and again under /api, their OpenAPI
// document, and the pages of the screen. Who may use it, the files of api/auth say.

import helmet from '@fastify/helmet';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { stillGood } from './accounts/still-good.ts';
import { openThrottle, type Throttle } from './accounts/throttle.ts';
import { accounts } from './api/auth/accounts.ts';
import { allowOrigins } from './api/auth/cors.ts';
import { ownAccount } from './api/auth/own.ts';
import { signIn, type SignInParts } from './api/auth/sign-in.ts';
import { tokens } from './api/auth/tokens.ts';
import { openWho, type Place } from './api/auth/who.ts';
import { limitArrival, readBodies } from './api/bodies.ts';
import { barsRoute } from './api/candles/bars.ts';
import { openImports } from './api/candles/import-door.ts';
import { imports } from './api/candles/imports.ts';
import { ApiError, refuseNonsense, sendError } from './api/errors.ts';
import { eventRoutes } from './api/events.ts';
import { health } from './api/health.ts';
import { indicators } from './api/indicators.ts';
import { JobSummary, withAbout } from './api/job-status.ts';
import { exportRoutes } from './api/job/export.ts';
import { reportRoute } from './api/job/report.ts';
import { surfaceRoutes } from './api/job/surface.ts';
import { RUNS_OPEN, syncRunRoute } from './api/job/sync-run.ts';
import { jobs } from './api/jobs.ts';
import { marketData } from './api/market-data.ts';
import { requireMethod } from './api/methods.ts';
import { ALIAS, documentRoutes } from './api/openapi.ts';
import { openPages, SECURITY_HEADERS, servePages, wantsPage } from './api/pages.ts';
import { BODY_LIMIT_BYTES, runtimeDefaults } from './api/runtime-defaults.ts';
import { watchSilence } from './api/silence.ts';
import { strategies } from './api/strategies.ts';
import { closeUnasked } from './api/unasked.ts';
import { requireUser, type CurrentUser } from './api/user.ts';
import { variantReports } from './api/variant-report.ts';
import { requireHosts, requireVisitor } from './api/visitors.ts';
import type { CandleSource } from './candles/source.ts';
import type { Config } from './config/config.ts';
import { openPool, type PoolOptions } from './db.ts';
import { openFeed } from './events/feed.ts';
import { openPresence } from './events/presence.ts';
import { listen as listenTo } from './queue/listen.ts';
import { watched } from './queue/reads/watched.ts';
import { openAdmission } from './reports/admission.ts';
import { openCharts } from './reports/chart.ts';
import { openJudges, type Judges } from './reports/judges.ts';
import type { VariantReports } from './reports/reporter.ts';
import { openSyncRuns } from './reports/sync-run.ts';
import { openAnswers } from './surfaces/answers.ts';
import { openLoader } from './surfaces/load.ts';
import { openSurfaces } from './surfaces/surfaces.ts';

export interface ApiParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly source: CandleSource;
  readonly reports: VariantReports;
  /** Judges of specs that take long; the API opens its own, and closes them with itself, unless it is given some. */
  readonly judges?: Judges;
  /** Who is asking; found out by session or token unless a test says otherwise. */
  readonly user?: CurrentUser;
  /** They slow down sign-ins and tokens that fail; the API opens its own unless it is given some. */
  readonly throttles?: { readonly signIns: Throttle; readonly tokens: Throttle };
  /** Where it serves; for a test on this machine. */
  readonly place?: Place;
  readonly log?: FastifyBaseLogger;
}

export interface Address {
  /** ROEHUB_ENV */
  readonly environment: string;
  readonly host?: string | undefined;
  /** Undefined: 8000, or the next free one. */
  readonly port?: number | undefined;
}

// Nobody waits for an answer longer than a browser or a proxy does, and a request that waits for a lock holds a
// connection that others need. A lock gives up first, so that its error says what it was.
const LIMITS = {
  lockTimeoutMs: 5000,
  statementTimeoutMs: 10_000,
  idleInTransactionMs: 10_000,
  queryTimeoutMs: 12_000,
  connectTimeoutMs: 10_000,
} as const satisfies PoolOptions;

/** Connections that never keep a request waiting; what runs into a limit is answered 503 with Retry-After. */
export function openApiPool(dsn: string, limits: PoolOptions = {}): pg.Pool {
  return openPool(dsn, { ...LIMITS, ...limits, applicationName: 'backtest-api' });
}

export interface RunningApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Reports may have a hundred megabytes, and stay in memory until their clients have them. */
const MOST_REPORTS_OPEN = 16;
/** Reads that take long must leave connections of the pool to all others. */
const READS_OPEN = { things: 'searches and large reads', ofUser: 5, ofAll: 7 } as const;
/** A screen asks for a map, bands and a summary at once, and again while a slider moves. */
const SURFACES_OPEN = { things: 'questions about surfaces', ofUser: 12, ofAll: 32 } as const;
/** An export has a process of its own. */
const EXPORTS_OPEN = { things: 'exports', ofUser: 2, ofAll: 4 } as const;
const STREAMS_OPEN = { things: 'event streams', ofUser: 8, ofAll: 2000 } as const;
const DEFAULT_PORT = 8000;
const PORTS_TRIED = 100;
/** Of an upload; other bodies have less (bodies.ts), and so have headers. */
const REQUEST_TIMEOUT_MS = 660_000;
const HEADERS_TIMEOUT_MS = 30_000;

export async function startApi(parts: ApiParts, address: Address): Promise<RunningApi> {
  const { environment, host = '127.0.0.1' } = address;
  requireHosts(host, parts.config);
  const app = await buildApi({ ...parts, place: { environment, host } });
  try {
    const port = await listen(app, host, address.port);
    const url = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
    return { url, port, [Symbol.asyncDispose]: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The server without a socket; tests use it through inject. */
export async function buildApi({
  log,
  judges = openJudges(),
  throttles = { signIns: openThrottle(), tokens: openThrottle('requests with tokens that are not good') },
  place = { environment: 'test', host: '127.0.0.1' },
  user,
  ...rest
}: ApiParts): Promise<FastifyInstance> {
  const { pool, config } = rest;
  const parts = { ...rest, place, judges, user: user ?? openWho({ pool, config, place, throttle: throttles.tokens }) };
  const { trusted_proxies: proxies } = config.backtest.api;
  const app = Fastify({
    ...(log ? { loggerInstance: log } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: proxies.length > 0 && [...proxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    return503OnClosing: false, // connections that are open may finish; /readyz says that we are draining
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    clientErrorHandler: refuseNonsense,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendError);
  const pages = openPages();
  app.setNotFoundHandler((request, answer) => {
    if (wantsPage(request)) return pages.send(answer.code(404));
    throw new ApiError('not_found', `there is no ${request.method} ${request.url.split('?', 1)[0]}`);
  });
  closeUnasked(app);
  limitArrival(app);
  readBodies(app, judges);
  app.addHook('onClose', () => judges[Symbol.asyncDispose]());
  await app.register(helmet, SECURITY_HEADERS);
  app.addHook('onRequest', requireVisitor(config));
  app.addHook('onRequest', allowOrigins(config));
  requireMethod(app);
  await documentRoutes(app);
  await servePages(app, pages);

  const processes = openProcesses(app, parts);
  const silence = watchSilence(pool, config.backtest.jobs.lease_seconds);
  app.addHook('onClose', async () => silence[Symbol.dispose]());
  const open = openAdmission({
    things: 'reports',
    ofUser: config.backtest.api.max_open_reports_per_user,
    ofAll: MOST_REPORTS_OPEN,
    setting: 'max_open_reports_per_user',
  });
  const looking = openAdmission(READS_OPEN);
  const results = openResults(app, parts);
  const more = { ...parts, ...processes, silence, open, looking, results, throttle: throttles.signIns };
  const routes = (scope: FastifyInstance): Promise<void> => serveRoutes(scope, more);
  await app.register(routes);
  await app.register(routes, { prefix: ALIAS });
  await app.ready();
  return app;
}

/** Opens what looks at the results of jobs, surfaces, exports and events, and returns what registers their routes. */
function openResults(
  app: FastifyInstance,
  { pool, config, reports, user }: Omit<ApiParts, 'user'> & { readonly user: CurrentUser },
): (scope: FastifyInstance) => Promise<void> {
  const surfaces = openSurfaces();
  app.addHook('onClose', () => surfaces[Symbol.asyncDispose]());
  const exploring = {
    pool,
    answers: openAnswers(surfaces, openLoader(pool)),
    exploring: openAdmission(SURFACES_OPEN),
    user,
  };
  const exports = { pool, config, settings: reports.settings, exporting: openAdmission(EXPORTS_OPEN), user };
  const feed = openFeed({
    read: (watch) => watched(pool, watch),
    statusOf: (job) => JSON.stringify(JobSummary.parse(withAbout(job))),
    onTrouble: (error) => app.log.error({ err: error }, 'events: the jobs could not be read'),
  });
  hearNotices(app, pool, () => feed.hurry());
  app.addHook('onClose', () => feed[Symbol.asyncDispose]());
  const presence = openPresence({
    read: (ids) => stillGood(pool, ids, config.backtest.accounts.session_idle_hours),
    onTrouble: (error) => app.log.error({ err: error }, 'events: who is still signed in could not be read'),
  });
  app.addHook('onClose', () => presence[Symbol.asyncDispose]());
  const open = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of open) end();
  });
  const events = { pool, feed, presence, open, streaming: openAdmission(STREAMS_OPEN), user };
  return async (scope) => {
    await scope.register(surfaceRoutes, exploring);
    await scope.register(exportRoutes, exports);
    await scope.register(eventRoutes, events);
  };
}

/** Opens the processes that read bars, search for who waits and take files of candles; they end with the server. */
function openProcesses(app: FastifyInstance, { pool, config, reports: { settings } }: Omit<ApiParts, 'user'>) {
  const charts = openCharts(settings);
  const runs = openSyncRuns(settings, config.backtest.sync.sync_deadline_seconds);
  const door = openImports(pool, config, settings);
  app.addHook('onClose', async () => {
    await Promise.all([charts, runs, door].map((one) => one[Symbol.asyncDispose]()));
  });
  return { charts, runs, door, running: openAdmission(RUNS_OPEN) };
}

/** Hears the notices of the queue while the server runs: they make the events of others come sooner. */
function hearNotices(app: FastifyInstance, { options }: pg.Pool, hear: () => void): void {
  const stop = new AbortController();
  let listening: Promise<void> | null = null;
  app.addHook('onListen', async () => {
    const { connectionString } = options;
    if (connectionString !== undefined) listening = listenTo(connectionString, hear, stop.signal);
  });
  app.addHook('onClose', async () => {
    stop.abort();
    await listening;
  });
}

type RouteParts = ApiParts &
  SignInParts &
  Parameters<typeof jobs>[1] &
  Parameters<typeof variantReports>[1] &
  Parameters<typeof barsRoute>[1] &
  Parameters<typeof imports>[1] &
  Parameters<typeof syncRunRoute>[1] & { readonly results: (scope: FastifyInstance) => Promise<void> };

/** Registers the routes of every resource; only health and signing in are for everybody. */
async function serveRoutes(app: FastifyInstance, parts: RouteParts): Promise<void> {
  const { pool, config, source, looking } = parts;
  await app.register(health, { pool });
  await app.register(signIn, parts);
  if (config.backtest.jobs.enabled) await app.register(jobs, parts);
  if (config.backtest.jobs.enabled) await app.register(reportRoute, parts);
  if (config.backtest.jobs.enabled) await parts.results(app);
  await app.register(imports, parts);
  await app.register(syncRunRoute, parts);
  await app.register(variantReports, parts);
  await app.register(strategies, parts);
  await app.register(async (scope) => {
    requireUser(scope, parts.user);
    await scope.register(indicators);
    await scope.register(runtimeDefaults, { config });
    await scope.register(marketData, { config, source, looking });
    await scope.register(barsRoute, parts);
    await scope.register(ownAccount, parts);
    await scope.register(tokens, { pool });
    await scope.register(accounts, { pool });
  });
}

async function listen(app: FastifyInstance, host: string, wanted: number | undefined): Promise<number> {
  const first = wanted ?? DEFAULT_PORT;
  const last = wanted ?? DEFAULT_PORT + PORTS_TRIED - 1;
  for (let port = first; port <= last; port += 1) {
    try {
      await app.listen({ host, port });
      return port;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  const ports = first === last ? `port ${first} is` : `ports ${first} to ${last} are`;
  throw new Error(`${ports} busy on ${host}: stop what listens there or give another --port`);
}
