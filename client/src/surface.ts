// The scores of a job: raw ones, or the cells of a heat map, decoded from their bytes; and what matches brushes on its axes.
// Scores are little-endian, as is every machine with a browser or Node 24.

import { orThrow } from './api-error.ts';
import type { Client } from './create-client.ts';
import type { components, paths } from './openapi.ts';

type MapQuery = NonNullable<paths['/backtests/jobs/{job_id}/surface']['get']['parameters']['query']>;
type BandsQuery = NonNullable<paths['/backtests/jobs/{job_id}/surface/bands']['get']['parameters']['query']>;

/** One axis of a map. */
export interface Bins {
  readonly key: string;
  /** First and last value of each bin; an axis with few values has one in each. */
  readonly from: readonly (number | string)[];
  readonly to: readonly (number | string)[];
}

/** A heat map. Cell (x, y) is at `y * x.from.length + x`. */
export interface SurfaceMap {
  readonly metric: string;
  readonly how: NonNullable<MapQuery['how']>;
  readonly x: Bins;
  /** Null: one row. */
  readonly y: Bins | null;
  /** Number of scores that it shows. */
  readonly scores: number;
  /** The best of them and its cell; null: there is none. */
  readonly best: {
    readonly base_index: number;
    readonly variant_index: number;
    readonly value: components['schemas']['SurfaceSummary']['quantiles'][number]['value'];
    readonly x: number;
    readonly y: number;
  } | null;
  /** NaN: nothing is scored or ranked there. */
  readonly cells: Float32Array;
}

/** All scores, by base index or, of a sample, in the order of `bases`. */
export interface SurfaceScores {
  readonly metric: string;
  /** NaN: not scored, or not ranked. */
  readonly scores: Float32Array;
  /** Base indexes of a sample; null: a score's place is its base index. */
  readonly bases: Float64Array | null;
}

export type Surface = SurfaceMap | SurfaceScores;

interface Asked {
  readonly signal?: AbortSignal;
}

interface MapAsked extends MapQuery, Asked {
  readonly x: string;
  /** Values at which other axes are held, by the keys of the axes. */
  readonly hold?: Readonly<Record<string, number | string>>;
}

/** Reads all scores of a job. @throws {ApiError} */
export function readSurface(client: Client, job_id: string, asked?: Asked & { x?: never }): Promise<SurfaceScores>;
/** Reads a heat map of the scores of a job. @throws {ApiError} */
export function readSurface(client: Client, job_id: string, asked: MapAsked): Promise<SurfaceMap>;
export async function readSurface(
  client: Client,
  job_id: string,
  { signal, hold = {}, ...query }: Partial<MapAsked> = {},
): Promise<Surface> {
  const bytes = await orThrow<ArrayBuffer>(
    client.GET('/backtests/jobs/{job_id}/surface', {
      params: { path: { job_id }, query: { ...query, ...prefixed('hold', hold) } },
      parseAs: 'arrayBuffer',
      ...(signal && { signal }),
    }),
  );
  const begin = 4 + new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, begin - 4)));
  if ('x' in head) return { ...head, cells: new Float32Array(bytes, begin) };
  const scores = new Float32Array(bytes, begin, head.scores);
  const behind = begin + Math.ceil((4 * head.scores) / 8) * 8;
  const bases = behind < bytes.byteLength ? new Float64Array(bytes, behind) : null;
  return { metric: head.metric, scores, bases };
}

interface BandsAsked extends BandsQuery, Asked {
  /** From and to by the keys of the axes, both included: numbers by value, words by their place on the axis. */
  readonly brush?: Readonly<Record<string, readonly [from: number | string, to: number | string]>>;
}

/** Reads where scores within brushes live. @throws {ApiError} */
export function readBands(
  client: Client,
  job_id: string,
  { signal, brush = {}, ...query }: BandsAsked = {},
): Promise<components['schemas']['SurfaceBands']> {
  const ranges = Object.fromEntries(Object.entries(brush).map(([axis, [from, to]]) => [axis, `${from}..${to}`]));
  return orThrow(
    client.GET('/backtests/jobs/{job_id}/surface/bands', {
      params: { path: { job_id }, query: { ...query, ...prefixed('brush', ranges) } },
      ...(signal && { signal }),
    }),
  );
}

function prefixed(prefix: string, values: Readonly<Record<string, number | string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([axis, value]) => [`${prefix}.${axis}`, String(value)]));
}
