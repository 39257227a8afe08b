// A file of candles on its way in: a multipart body whose file goes to the disk as it comes, bounded in bytes and in time, and
// whose fields say what it is. Everything that is wrong with the fields is told at once.

import { SpecError, TIMEFRAMES, type Problem, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS, readSymbol } from '@backtest-jobs/engine/internal';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GROUPS } from '../../candles/files/groups.ts';
import { TIME_UNITS } from '../../candles/files/time.ts';
import type { ImportWish } from '../../imports/importer.ts';
import type { Received, Staging } from '../../imports/staging.ts';
import { FileTooLarge, StagingFull } from '../../imports/usage.ts';
import { ApiError } from '../errors.ts';
import { choiceInput, problemsOf, textInput, wholeBetween } from '../inputs.ts';
import { hungUp } from '../replies.ts';

const COLUMN_FIELDS = [...COLUMNS, ...GROUPS].map((name) => `${name}_column` as const);
const columnInput = textInput(100, 1).optional();

export const UploadFields = z.strictObject({
  market_id: wholeBetween(1, 65_535),
  symbol: z.string('must be the symbol of the candles, like BTCUSDT').transform((text, context) => {
    const { symbol, problem } = readSymbol(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    return symbol;
  }),
  interval: choiceInput(Object.keys(TIMEFRAMES) as Timeframe[])
    .optional()
    .describe('else deduced from the times'),
  timezone: textInput(64, 1).optional().describe('of times that state none, like America/New_York; else UTC'),
  time_unit: choiceInput(TIME_UNITS).optional().describe('of epochs; else what fits all rows of the file'),
  skip_lines: wholeBetween(0, 1000).optional().describe('lines above the header that are not read'),
  adjust: choiceInput(['true', 'false']).optional().describe('true: adjust prices by the column Adj Close'),
  ...(Object.fromEntries(COLUMN_FIELDS.map((name) => [name, columnInput])) as Record<
    (typeof COLUMN_FIELDS)[number],
    typeof columnInput
  >),
});

export interface Upload {
  readonly received: Received;
  readonly wish: ImportWish;
}

/** Longest time of a whole body, and of a pause in it. */
export interface UploadTimes {
  readonly wholeMs: number;
  readonly pauseMs: number;
}

const TIMES: UploadTimes = { wholeMs: 600_000, pauseMs: 30_000 };

/** Receives a body. What was received goes again when it rejects. */
export async function receiveUpload(
  request: FastifyRequest,
  answer: FastifyReply,
  staging: Staging,
  { wholeMs, pauseMs } = TIMES,
): Promise<Upload> {
  if (!request.isMultipart()) throw new ApiError('unsupported_media_type', 'the body must be multipart/form-data');
  const { socket } = request.raw;
  socket.setTimeout(pauseMs);
  const time = AbortSignal.timeout(wholeMs);
  const signal = AbortSignal.any([hungUp(answer), time]);
  const fields = new Map<string, string>();
  const problems: Problem[] = [];
  let received: Received | null = null;
  try {
    for await (const part of request.parts({ limits: LIMITS })) {
      if (part.type === 'field') problems.push(...takeField(fields, part));
      else if (part.fieldname === 'file')
        received = await staging.receive(request.user_id, part.filename, part.file, signal);
      else {
        problems.push({ path: part.fieldname, code: 'unknown_field', message: 'is not a field here' });
        part.file.resume();
      }
    }
    if (received === null)
      problems.push({ path: 'file', code: 'required', message: 'send the file as the field file' });
    const wish = wishOf(Object.fromEntries(fields), problems);
    if (received === null || wish === null) throw new SpecError(problems);
    socket.setTimeout(0); // it is judged now
    return { received, wish };
  } catch (error) {
    if (received !== null) await staging.discard(received);
    void answer.header('connection', 'close'); // what is left of the body is not waited for
    throw time.aborted ? new ApiError('bad_request', 'the body took too long to arrive') : inOurWords(error);
  }
}

/** The file has bounds of its own: of one that is cut the parser says so only where its part ends. */
const LIMITS = {
  fileSize: Number.POSITIVE_INFINITY,
  files: 1,
  fields: 50,
  fieldSize: 1000,
  fieldNameSize: 100,
  parts: 52,
};

function takeField(fields: Map<string, string>, part: Exclude<Multipart, MultipartFile>): readonly Problem[] {
  const { fieldname: path, value, valueTruncated } = part;
  if (fields.has(path)) return [{ path, code: 'duplicate_key', message: 'stands there twice: leave one of them out' }];
  fields.set(path, String(value));
  return valueTruncated ? [{ path, code: 'invalid_value', message: 'is longer than 1,000 bytes' }] : [];
}

/** Reads the fields; null when there are problems, which are added to those there are. */
function wishOf(fields: Readonly<Record<string, string>>, problems: Problem[]): ImportWish | null {
  const read = UploadFields.safeParse(fields);
  if (!read.success) problems.push(...problemsOf(read.error.issues, fields));
  if (!read.success || problems.length > 0) return null;
  const {
    time_unit: timeUnit,
    skip_lines: skipLines,
    adjust,
    timezone,
    interval,
    market_id,
    symbol,
    ...rest
  } = read.data;
  const columns = [...COLUMNS, ...GROUPS].map((name) => [name, rest[`${name}_column`]] as const);
  return {
    market_id,
    symbol,
    interval,
    timezone,
    timeUnit,
    skipLines,
    adjust: adjust === 'true',
    columns: Object.fromEntries(columns.filter(([, column]) => column !== undefined)),
  };
}

const OURS = new Set(['ApiError', 'SpecError']);

/** Tells what was wrong with the body; errors of the disk stay as they are. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC') return new ApiError('service_unavailable', 'no space left for the file', {}, error);
  if (error instanceof StagingFull) return new ApiError('quota_exceeded', error.message, error.details);
  if (error instanceof FileTooLarge) return new ApiError('payload_too_large', error.message);
  if (/^FST_(FILES|FIELDS|PARTS)_LIMIT$/.test(code))
    return new ApiError('payload_too_large', 'the body has more than one file, or more than 50 fields');
  if (OURS.has(error.name) || /^E[A-Z]+$/.test(code)) return error;
  return new ApiError('bad_request', `the body is not sound multipart/form-data: ${error.message}`);
}
