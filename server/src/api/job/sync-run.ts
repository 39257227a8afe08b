// POST /backtests: the synchronous run. The body is that of a job and the result is that of a job, for a spec small enough to
// wait for: half the guards, a deadline, no luck test unless it is asked for. It ends when the client leaves, and nothing
// is stored.

import { engineParamsHash, requestHash } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { CandleSource } from '../../candles/source.ts';
import { defaultsOf, runtimeConfigHash, threadsOf, type Config } from '../../config/config.ts';
import type { Admission } from '../../reports/admission.ts';
import type { Judges } from '../../reports/judges.ts';
import { SYNC_RUNS, tooSlow, type SyncRuns } from '../../reports/sync-run.ts';
import { BODY_ERRORS, errorReplies } from '../errors.ts';
import { acceptSpec, strategyOf } from '../gate.ts';
import { admitted, hungUp, reply, requireReading, sendJson } from '../replies.ts';
import { halfOf } from '../runtime-defaults.ts';
import { allButBodies, SpecBody } from '../spec-body.ts';
import { requireUser, type CurrentUser } from '../user.ts';
import { Verdict } from '../verdict.ts';
import { Warnings } from '../warnings.ts';
import { contextOf, ReportContext, TopVariant } from './top-variants.ts';
import { ValidationResult } from './validation.ts';
import { Counts, Ledger } from './variant-parts.ts';

interface RunParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly source: CandleSource;
  readonly judges: Judges;
  readonly runs: SyncRuns;
  /** Runs whose clients wait. */
  readonly running: Admission;
  readonly user: CurrentUser;
}

export const RUNS_OPEN = { things: 'synchronous runs', ofUser: 1, ofAll: SYNC_RUNS } as const;

const hash = z.string().describe('sha256, hex');

export const RunResult = z
  .object({
    name: z.string().nullable(),
    request_hash: hash,
    engine_params_hash: hash,
    backtest_runtime_config_hash: hash,
    warnings: Warnings,
    report_context: ReportContext,
    engine_version: z.string(),
    result_hash: hash.describe('that of a job with the same spec on the same candles'),
    ledger: Ledger,
    counts: Counts,
    verdict: Verdict.describe('how likely the best variant is luck'),
    validation: ValidationResult.nullable().describe(
      'what it came to on bars it was not searched on; null where the spec asked for none',
    ),
    items: z.array(TopVariant.omit({ alike: true })).describe('the best variants, by rank'),
  })
  .meta({ id: 'RunResult', description: 'What a synchronous run found out' });

export const syncRunRoute: FastifyPluginAsyncZod<RunParts> = async (
  app,
  { pool, config, source, judges, running, ...parts },
) => {
  const { guards, ...others } = defaultsOf(config);
  const defaults = { ...others, luck: 0, guards: halfOf(guards) };
  const threads = Math.max(1, Math.floor(threadsOf(config) / SYNC_RUNS));
  const backtest_runtime_config_hash = runtimeConfigHash(config);
  const { sync_deadline_seconds: deadline } = config.backtest.sync;

  requireUser(app, parts.user);
  app.setValidatorCompiler(allButBodies);
  app.post(
    '/backtests',
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'runNow',
        summary: 'Search a small spec and wait for the result; nothing is stored',
        description:
          'Takes the body of a job, within half the guards. Without luck in the body there is no luck test. A search that ' +
          'takes longer than limits.sync_deadline_seconds of GET /backtests/runtime-defaults is refused (too_slow), and one ' +
          'whose client leaves ends.',
        tags: ['jobs'],
        body: SpecBody,
        response: {
          200: reply(RunResult, 'the result'),
          ...errorReplies(...BODY_ERRORS),
        },
      },
    },
    async ({ body, user_id }, answer) => {
      admitted(running, user_id, answer);
      const signal = hungUp(answer);
      const strategy = await strategyOf(pool, body, { user_id });
      const gate = { defaults, source, judges, strategy, user_id, signal, threads };
      const { spec, estimate } = await acceptSpec(body, gate);
      const { low_seconds: least } = estimate.time;
      if (least > deadline)
        throw tooSlow(`would take at least ${Number(least.toPrecision(2))} s, and ${deadline} s are allowed`);
      const head = {
        name: spec.name,
        request_hash: requestHash(spec),
        engine_params_hash: engineParamsHash(spec),
        backtest_runtime_config_hash,
        warnings: estimate.warnings,
        report_context: contextOf(spec),
      };
      const json = await parts.runs.run({ spec, threads, head }, signal);
      requireReading(answer);
      return sendJson(answer, Buffer.from(json.buffer, json.byteOffset, json.length));
    },
  );
};
