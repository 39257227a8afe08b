// Metrics by the names of the runbook, in a registry of their own, and the small server that shows them together with
// /healthz and /readyz. A counter is there from the start with 0 for each of its labels, or its first event would not
// be a rise for Prometheus.

import { createServer, type Server, type ServerResponse } from 'node:http';
import { SCORING_STAGES, STAGES, type ScoringStage, type Stage } from '@backtest-jobs/engine/internal';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isLoopback } from './config/loopback.ts';
import { messageOf } from './message.ts';
import type { QueueDepth } from './queue/depth.ts';
import { END_STATES, JOB_STATES, type EndState } from './queue/job.ts';

/** Reasons to lose a lease: the labels of its counter. */
const LOST_REASONS = ['expired', 'fenced', 'trust', 'database'] as const;
export type LostReason = (typeof LOST_REASONS)[number];

export interface RunnerMetrics {
  readonly registry: Registry;
  /** Counts a claim that got a job `seconds` after it was sent. */
  claimed(seconds: number, reclaimed: boolean): void;
  finished(state: EndState): void;
  /** Counts the job claimed last as given up, whatever became of it. */
  released(seconds: number): void;
  leaseLost(reason: LostReason): void;
  heartbeatDelay(seconds: number): void;
  /** Whether the job of this worker waits for candles, and whether the worker claims nothing because of its own trouble. */
  waits(what: 'candles_unavailable' | 'paused', yes: boolean): void;
  variantsScored(stage: ScoringStage, count: number): void;
  stageDuration(stage: Stage, seconds: number): void;
}

const RUNNER = 'backtest_job_runner';
// A job takes from a blink to a day, a claim or a late heartbeat from a millisecond to the length of a lease.
const LONG = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400];
const SHORT = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** Opens the metrics of a worker. Each scrape calls `queueDepth`; where it fails, its two metrics are NaN. */
export function openMetrics(queueDepth: () => Promise<QueueDepth>): RunnerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name: `${RUNNER}_${name}_total`, help, labelNames, registers });
  const claims = counter('claim', 'Jobs this worker claimed');
  const reclaims = counter('reclaimed', 'Claims of a job whose lease had expired');
  const ends = new Map(END_STATES.map((state) => [state, counter(state, `Jobs this worker finished as ${state}`)]));
  const lost = counter('lease_lost', 'Leases this worker lost', 'reason');
  for (const reason of LOST_REASONS) lost.inc({ reason }, 0);
  const scored = counter('variants_scored', 'Variants scored', 'stage');
  for (const stage of SCORING_STAGES) scored.inc({ stage }, 0);
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `${RUNNER}_${name}_seconds`, help, buckets, registers });
  const jobs = histogram('job_duration', 'From claim to the end of the attempt', LONG);
  const delays = histogram('heartbeat_delay', 'How much later than planned a heartbeat was sent', SHORT);
  const latency = histogram('claim_latency', 'How long a claim that got a job took', SHORT);
  const stages = new Histogram({
    name: `${RUNNER}_stage_duration_seconds`,
    help: 'Duration of a stage of a job',
    buckets: LONG,
    labelNames: ['stage'],
    registers,
  });
  for (const stage of STAGES) stages.zero({ stage });
  const active = new Gauge({ name: `${RUNNER}_active_claimed_jobs`, help: 'Jobs this worker holds', registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `${RUNNER}_${name}`, help, registers });
  const waiting = {
    candles_unavailable: gauge('candles_unavailable', '1 while the job of this worker waits for candles'),
    paused: gauge('paused', '1 while this worker claims nothing because of its own trouble'),
  };
  addQueueGauges(registry, queueDepth);
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    claimed(seconds, reclaimed) {
      claims.inc();
      if (reclaimed) reclaims.inc();
      latency.observe(seconds);
      active.inc();
    },
    finished: (state) => ends.get(state)?.inc(),
    released(seconds) {
      active.dec();
      jobs.observe(seconds);
    },
    leaseLost: (reason) => lost.inc({ reason }),
    heartbeatDelay: (seconds) => delays.observe(seconds),
    waits: (what, yes) => waiting[what].set(yes ? 1 : 0),
    variantsScored: (stage, count) => scored.inc({ stage }, count),
    stageDuration: (stage, seconds) => stages.observe({ stage }, seconds),
  };
}

// Below the 10 s after which Prometheus gives up on a scrape.
const QUEUE_TIMEOUT_MS = 3000;

function addQueueGauges(registry: Registry, queueDepth: () => Promise<QueueDepth>): void {
  let asked: Promise<QueueDepth | null> | null = null;
  // A scrape collects both gauges: one query serves them.
  const ask = (): Promise<QueueDepth | null> => {
    asked ??= inTime(queueDepth).finally(() => {
      asked = null;
    });
    return asked;
  };
  const registers: Registry[] = []; // registered below
  const jobs = new Gauge({
    name: 'backtest_queue_jobs',
    help: 'Jobs in the database by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const depth = await ask();
      for (const state of JOB_STATES) this.set({ state }, depth === null ? Number.NaN : (depth.jobs[state] ?? 0));
    },
  });
  const oldest = new Gauge({
    name: 'backtest_queue_oldest_queued_seconds',
    help: 'How long the oldest queued job has waited, 0 when none is queued',
    registers,
    async collect() {
      this.set((await ask())?.oldestQueuedSeconds ?? Number.NaN);
    },
  });
  registry.registerMetric(jobs);
  registry.registerMetric(oldest);
}

/** Returns null when the database fails or is late: then above all a scrape must show the rest. */
async function inTime(queueDepth: () => Promise<QueueDepth>): Promise<QueueDepth | null> {
  const timeout = Promise.withResolvers<null>();
  const timer = setTimeout(() => timeout.resolve(null), QUEUE_TIMEOUT_MS);
  try {
    return await Promise.race([queueDepth(), timeout.promise]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

export interface MetricsOptions {
  readonly host: string;
  readonly port: number;
  /** Whether the user named this port: a busy one is then an error, else the next free one is taken. */
  readonly explicit: boolean;
  /** Names beside loopback and the bound address under which the port may be asked for. */
  readonly allowedHosts?: readonly string[];
  readonly registry: Registry;
  readonly ready: () => Promise<{ readonly ready: boolean; readonly reason?: string }>;
}

export interface MetricsServer extends AsyncDisposable {
  readonly port: number;
}

const PORTS_TRIED = 100;

export async function serveMetrics(options: MetricsOptions): Promise<MetricsServer> {
  const { host, port, explicit, registry, ready, allowedHosts = [] } = options;
  const server = createServer((request, response) => {
    const { host: asked } = request.headers;
    const known = [host, request.socket.localAddress ?? '', ...allowedHosts];
    if (asked !== undefined && !isKnownHost(asked, known)) return answer(response, 403, forbidden(asked));
    const path = request.url?.split('?', 1)[0];
    const reply =
      path === '/metrics'
        ? registry.metrics().then((text) => answer(response, 200, text, registry.contentType))
        : path === '/readyz'
          ? ready().then(({ ready: yes, reason }) =>
              answer(response, yes ? 200 : 503, `${yes ? 'ready' : (reason ?? 'not ready')}\n`),
            )
          : Promise.resolve(path === '/healthz' ? answer(response, 200, 'ok\n') : answer(response, 404, 'not found\n'));
    reply.catch((error: unknown) => answer(response, 500, `${messageOf(error)}\n`));
  });
  const bound = await listen(server, host, port, explicit ? port : Math.min(65_535, port + PORTS_TRIED - 1));
  return {
    port: bound,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page of another site that resolves its own name to this address (DNS rebinding) must not read the metrics. */
export function isKnownHost(asked: string, known: readonly string[]): boolean {
  const name = hostName(asked);
  return isLoopback(name) || known.some((one) => one === '*' || hostName(one) === name);
}

/** Lower case, without port and brackets; an IPv4 address that came over IPv6 is the IPv4 address. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  const plain = bracketed ?? (host.split(':').length === 2 ? (host.split(':', 1)[0] ?? '') : host);
  return plain.toLowerCase().replace(/^::ffff:/, '');
}

function forbidden(asked: string): string {
  const name = asked.slice(0, 100);
  return `Host ${name}: only loopback names, the address of this port and the names in --metrics-hosts are answered\n`;
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

async function listen(server: Server, host: string, first: number, last: number): Promise<number> {
  for (let port = first; port <= last; port += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject).listen({ host, port, exclusive: true }, resolve);
    try {
      await promise;
      return portOf(server);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    } finally {
      server.off('error', reject);
    }
  }
  const ports = first === last ? `metrics port ${first} is` : `metrics ports ${first} to ${last} are`;
  throw new Error(`${ports} busy on ${host}: stop what listens there or give another --metrics-port`);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the metrics server has no port');
  return address.port;
}
