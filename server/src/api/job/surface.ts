// /backtests/jobs/{id}/surface: the scores of stage_a, raw, as cells of a heat map, one cell of it, summed up, and as bands between axes; while
// the job runs, of what it has scored so far. Answers carry an ETag of the stored scores and the question.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { SpecError, type Problem } from '@backtest-jobs/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { Admission } from '../../reports/admission.ts';
import type { Answers, StoredSurface } from '../../surfaces/answers.ts';
import { surfaceVersion, unitsOfSurface } from '../../surfaces/load.ts';
import type { SurfaceQuery } from '../../surfaces/messages.ts';
import { headOf, rawBytes, rawLength } from '../../surfaces/raw.ts';
import { HOW, MOST_CELLS } from '../../surfaces/slice.ts';
import { SurfaceTooSlow, type Answered } from '../../surfaces/surfaces.ts';
import { ApiError, errorReplies } from '../errors.ts';
import { choiceInput, JobIdInput, numberInput, textInput, wholeBetween, wholeInput } from '../inputs.ts';
import { admitted, bytesReply, hasTagged, hungUp, notModified, reply, requireReading, sendJson } from '../replies.ts';
import { requireUser, type CurrentUser, type User } from '../user.ts';
import { requestedOf } from './requested.ts';
import { SurfaceBands, SurfaceCell, SurfaceSummary } from './surface-replies.ts';

interface SurfaceParts {
  readonly pool: pg.Pool;
  readonly answers: Answers;
  /** Questions that are open. */
  readonly exploring: Admission;
  readonly user: CurrentUser;
}

const OCTETS = 'application/octet-stream';

const key = textInput(200, 1);
const SurfaceQueryInput = z.looseObject({
  x: key.optional().describe('axis of the columns; left out: the raw scores'),
  y: key.optional().describe('axis of the rows; left out: one row'),
  how: choiceInput(HOW)
    .default('max')
    .describe(
      'best (for max_drawdown_pct the lowest) or median over all other axes; near: the best mean of what lies within 2 % of each axis, at least one step',
    ),
});

const CellInput = SurfaceQueryInput.extend({
  x: key.describe('axis of the columns'),
  i: wholeBetween(0, MOST_CELLS - 1).describe('column of the map, from 0'),
  j: wholeInput(0, MOST_CELLS - 1, 0).describe('row of the map, from 0'),
});

const axisRange = 'Held axes as hold.<axis>=<value>. ';
const FORMAT =
  'Bytes: the length of a JSON header as little-endian uint32; the header, ended by spaces so that what follows begins at a multiple of 8; ' +
  'then float32, little-endian, NaN where nothing is scored or ranked. ';

/** Numbers with commas between them. */
const LEVELS = /^-?\d+(\.\d+)?(e[-+]?\d{1,2})?(,-?\d+(\.\d+)?(e[-+]?\d{1,2})?){0,9}$/;
const LEVELS_RULE = 'must be up to 10 numbers with commas between them';
const others = { 304: notModified, ...errorReplies('not_found', 'validation_error') };
const common = { tags: ['surface'], params: JobIdInput };

export const surfaceRoutes: FastifyPluginAsyncZod<SurfaceParts> = async (app, parts) => {
  requireUser(app, parts.user);
  await app.register(scoresRoute, parts);
  await app.register(cellRoute, parts);
  await app.register(summaryRoute, parts);
  await app.register(bandsRoute, parts);
};

const scoresRoute: FastifyPluginAsyncZod<SurfaceParts> = async (app, parts) => {
  app.get(
    '/backtests/jobs/:job_id/surface',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'getSurface',
        summary: 'Scores of stage_a, raw or as cells of a heat map',
        description:
          `${FORMAT}With x at most ${MOST_CELLS} x ${MOST_CELLS} cells, row by row; longer axes are binned. ${axisRange}` +
          'Without x one score for each base index (for a sample one for each drawn variant, and behind them, at a multiple of 8, the base indexes as float64).',
        querystring: SurfaceQueryInput,
        response: { 200: bytesReply('header and scores', OCTETS), ...others },
      },
    },
    async (request, answer) => {
      const { x, y, how, ...rest } = request.query;
      const problems: Problem[] = [];
      const hold = prefixed('hold', rest, problems);
      if (x === undefined && (y !== undefined || Object.keys(hold).length > 0))
        problems.push({ path: 'x', code: 'required', message: 'give x too: y and hold are of a heat map' });
      if (problems.length > 0) throw new SpecError(problems);
      if (x === undefined) return rawSurface(request, answer, parts);
      const found = await answered(request, answer, { parts, query: { kind: 'slice', x, y: y ?? null, how, hold } });
      return found === null
        ? answer
        : answer.type(OCTETS).send(Buffer.concat([headOf(found.json), found.cells ?? Buffer.alloc(0)]));
    },
  );
};

const cellRoute: FastifyPluginAsyncZod<SurfaceParts> = async (app, parts) => {
  app.get(
    '/backtests/jobs/:job_id/surface/cell',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'getSurfaceCell',
        summary: 'What is behind one cell of a heat map: the best variant of it',
        description: `x, y, how and held axes as of the map, and the cell by column and row. ${axisRange}`,
        querystring: CellInput,
        response: { 200: reply(SurfaceCell, 'the cell'), ...others },
      },
    },
    async (request, answer) => {
      const { x, y = null, how, i, j, ...rest } = request.query;
      const problems: Problem[] = [];
      const hold = prefixed('hold', rest, problems);
      if (problems.length > 0) throw new SpecError(problems);
      const found = await answered(request, answer, { parts, query: { kind: 'cell', x, y, how, hold, i, j } });
      return found === null ? answer : sendJson(answer, found.json);
    },
  );
};

const summaryRoute: FastifyPluginAsyncZod<SurfaceParts> = async (app, parts) => {
  app.get(
    '/backtests/jobs/:job_id/surface/summary',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'getSurfaceSummary',
        summary: 'What all scores of stage_a say: distribution, and each axis by itself',
        querystring: z.strictObject({
          above: textInput(200)
            .regex(LEVELS, LEVELS_RULE)
            .default('0')
            .describe('levels with commas between them: how many scores are above each, for example of buy and hold'),
        }),
        response: { 200: reply(SurfaceSummary, 'the summary'), ...others },
      },
    },
    async (request, answer) => {
      const above = request.query.above.split(',').map(Number);
      const found = await answered(request, answer, { parts, query: { kind: 'summary', above } });
      return found === null ? answer : sendJson(answer, found.json);
    },
  );
};

const bandsRoute: FastifyPluginAsyncZod<SurfaceParts> = async (app, parts) => {
  app.get(
    '/backtests/jobs/:job_id/surface/bands',
    {
      config: { costly: true },
      schema: {
        ...common,
        operationId: 'getSurfaceBands',
        summary: 'Where matched scores live: counts by axis and between neighbouring axes',
        description:
          'Brushes as brush.<axis>=a..b, both ends included: numbers by value, words by their place on the axis.',
        querystring: z.looseObject({
          order: textInput(4000, 1).optional().describe('keys of up to 12 axes with commas between them'),
          min: numberInput().optional().describe('lowest score that matches'),
          max: numberInput().optional().describe('highest score that matches'),
        }),
        response: { 200: reply(SurfaceBands, 'the counts'), ...others },
      },
    },
    async (request, answer) => {
      const { order, min = null, max = null, ...rest } = request.query;
      const problems: Problem[] = [];
      const brush = prefixed('brush', rest, problems);
      if (problems.length > 0) throw new SpecError(problems);
      const query = { kind: 'bands', order: order?.split(',') ?? null, min, max, brush } as const;
      const found = await answered(request, answer, { parts, query });
      return found === null ? answer : sendJson(answer, found.json);
    },
  );
};

/** Takes `<prefix>.<axis>=text` out of what else a query has; anything else is a problem. */
function prefixed(prefix: string, rest: Readonly<Record<string, unknown>>, problems: Problem[]) {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    const axis = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : '';
    if (axis === '') problems.push({ path: name, code: 'unknown_field', message: 'is not a parameter here' });
    else if (typeof value !== 'string') problems.push({ path: name, code: 'invalid_value', message: 'stands twice' });
    else found[axis] = value;
  }
  return found;
}

type Request = FastifyRequest & { readonly params: unknown; readonly user: User };

/** Returns the job of the user, with what is stored of its surface. */
async function surfaceOf(pool: pg.Pool, { params, user }: Request): Promise<StoredSurface> {
  const { job_id } = JobIdInput.parse(params);
  const { spec } = await requestedOf(pool, user, job_id);
  return { job_id, spec, stored: await surfaceVersion(pool, job_id) };
}

/** Sets the ETag of an answer. Null: the client has the answer already, and 304 has been sent. */
function tagOf({ url }: Request, answer: FastifyReply, version: string): string | null {
  const query = createHash('sha256')
    .update(url.replace(/^.*?\/backtests/, ''))
    .digest('base64url')
    .slice(0, 16);
  const tag = `"${version}-${query}"`;
  if (!hasTagged(answer, tag)) return tag;
  void answer.code(304).send();
  return null;
}

interface Asking {
  readonly parts: SurfaceParts;
  readonly query: SurfaceQuery;
}

/** Returns the answer to a question; null: the client has it already, and 304 has been sent. */
async function answered(request: Request, answer: FastifyReply, { parts, query }: Asking): Promise<Answered | null> {
  const { pool, answers, exploring } = parts;
  admitted(exploring, request.user_id, answer);
  requireReading(answer);
  const surface = await surfaceOf(pool, request);
  const tag = tagOf(request, answer, surface.stored.version);
  return tag === null ? null : inTime(answers.answer(tag, surface, query, hungUp(answer)));
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SurfaceTooSlow)) throw error;
    throw new ApiError('service_unavailable', `the surface ${error.message}: ask again later`, {}, error);
  }
}

/** Sends all scores in portions. */
async function rawSurface(request: Request, answer: FastifyReply, parts: SurfaceParts): Promise<FastifyReply> {
  const { pool, answers, exploring } = parts;
  admitted(exploring, request.user_id, answer);
  requireReading(answer);
  const surface = await surfaceOf(pool, request);
  const { job_id, spec, stored } = surface;
  if (tagOf(request, answer, stored.version) === null) return answer;
  const bases = await inTime(answers.bases(surface, hungUp(answer)));
  const units = bases === null ? unitsOfSurface(spec) : bases.length / 8;
  const head = headOf(JSON.stringify({ metric: spec.ranking.primary_metric, scores: units, sample: spec.sample }));
  const raw = { job_id, stored, units, head, bases };
  void answer.type(OCTETS).header('content-length', rawLength(raw));
  return answer.send(Readable.from(rawBytes(pool, raw)));
}
