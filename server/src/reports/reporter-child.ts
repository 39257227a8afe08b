// The child process behind `reporter.ts`: answers one question after the other, and dies with its parent.

import { ENGINE_VERSION, SpecError, variantReport, type VariantReport, type Which } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import { tellChoice } from '../candles/choose-series.ts';
import { wantedOf, type CandleSource } from '../candles/source.ts';
import { reportPage } from '../pages/report-page.ts';
import { answerQuestions } from './answer-questions.ts';
import { jsonParts } from './json-parts.ts';
import { PAGE_POINTS, pageData } from './page-data.ts';
import type { PageQuestion, ReportQuestion } from './reporter.ts';
import { variantJson } from './variant-json.ts';

/** Of a report: two processes work on reports at once, and the API holds what they answer. */
const MOST_BYTES = 256 * 2 ** 20;
/** JSON of more rows than this would be hundreds of megabytes. */
const MOST_ROWS = 1_000_000;

async function reportJson(
  source: CandleSource,
  { spec, which, points, job }: ReportQuestion,
): Promise<Uint8Array<ArrayBuffer>> {
  const read = await source.read(spec.template.instrument_id, wantedOf(spec));
  const asked = { baseMs: read.baseMs, ...(points !== null && { points }) };
  const report = tellChoice(variantReport(read.candles, spec, which, asked), read);
  const rows = report.series.time.length;
  if (rows > MOST_ROWS)
    throw specError('points', 'required', `the series have ${rows} rows: ask for at most ${MOST_ROWS} points`);
  const ofJob = job && {
    job_id: job.job_id,
    same_candles: job.data_digest === null ? null : job.data_digest === report.ledger.digest,
    same_engine: job.engine_version === null ? null : job.engine_version === ENGINE_VERSION,
    engine_version: job.engine_version,
  };
  return bytesOf({ ...variantJson(report), job: ofJob });
}

/** Writes JSON whose text would be too long for one string, up to what the API can pass on. */
function bytesOf(value: object): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (const text of jsonParts(value)) {
    const part = Buffer.from(text);
    size += part.length;
    if (size > MOST_BYTES) {
      const way = 'backtest run SPEC --variant INDEX --json writes it of any size';
      throw specError(
        '',
        'too_large',
        `the report is larger than ${MOST_BYTES / 2 ** 20} MiB, most of it trades: ${way}`,
      );
    }
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Makes the page of a search also where the best cannot be run again, because its candles are not there any more. */
async function pageHtml(source: CandleSource, { spec, which, found }: PageQuestion): Promise<Uint8Array<ArrayBuffer>> {
  const run = async (asked: Which): Promise<VariantReport | string> => {
    try {
      const read = await source.read(spec.template.instrument_id, wantedOf(spec));
      return tellChoice(variantReport(read.candles, spec, asked, { baseMs: read.baseMs, points: PAGE_POINTS }), read);
    } catch (error) {
      if (found.about === 'search' && error instanceof SpecError) return error.message;
      throw error;
    }
  };
  return new Uint8Array(Buffer.from(reportPage(pageData(found, spec, which && (await run(which))))));
}

answerQuestions(async (source, question: ReportQuestion | PageQuestion) => ({
  bytes: await ('found' in question ? pageHtml(source, question) : reportJson(source, question)),
}));
