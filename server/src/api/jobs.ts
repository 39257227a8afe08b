// /backtests/jobs: submit, list, get, top, cancel, delete; estimate.ts estimates a job beforehand, job-spec.ts gives its spec.
// The rules live elsewhere (the gate judges a spec, a verb of the queue does what it is named for); a route turns the request
// into their arguments and their outcome into a reply.

import { specError } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { CandleSource } from '../candles/source.ts';
import { defaultsOf, runtimeConfigHash, threadsOf, type Config } from '../config/config.ts';
import { cancel } from '../queue/cancel.ts';
import { encodeCursor } from '../queue/cursor.ts';
import { deleteJob } from '../queue/delete.ts';
import { get, type JobDetail } from '../queue/get.ts';
import { JOB_STATES, type Job } from '../queue/job.ts';
import { list, MOST_SEARCHED, search } from '../queue/list.ts';
import { hasJob, lineage, type Lineage } from '../queue/reads/lineage.ts';
import { submissionOf, submit, type Submitted } from '../queue/submit.ts';
import { uuid7 } from '../queue/uuid7.ts';
import type { Admission } from '../reports/admission.ts';
import type { Judges } from '../reports/judges.ts';
import { actingAs } from './auth/acting-as.ts';
import { requirePriority } from './auth/priority.ts';
import { ApiError, BODY_ERRORS, errorReplies } from './errors.ts';
import { estimateRoute } from './estimate.ts';
import { acceptSpec, strategyOf } from './gate.ts';
import { choiceInput, cursorInput, IdempotencyKey, jobId, JobIdInput, pageLimit, textInput } from './inputs.ts';
import { JobList, JobStatus, withAbout } from './job-status.ts';
import { requestRoutes } from './job/job-request.ts';
import { specRoute } from './job/job-spec.ts';
import { topRoute } from './job/job-top.ts';
import { requireRoomForRows } from './job/stored-rows.ts';
import { admitted, hungUp, reply } from './replies.ts';
import type { SilenceWatch } from './silence.ts';
import { allButBodies, SpecBody } from './spec-body.ts';
import { notMine, requireUser, type CurrentUser } from './user.ts';

interface JobsParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly source: CandleSource;
  readonly judges: Judges;
  /** Reads that take long. */
  readonly looking: Admission;
  readonly user: CurrentUser;
  readonly silence: SilenceWatch;
}

const JOBS = '/backtests/jobs';

export const jobs: FastifyPluginAsyncZod<JobsParts> = async (app, parts) => {
  requireUser(app, parts.user);
  await app.register(submitRoute, parts);
  await app.register(estimateRoute, parts);
  await app.register(readRoutes, parts);
  await app.register(specRoute, parts);
  await app.register(requestRoutes, parts);
  await app.register(topRoute, parts);
  await app.register(cancelRoute, parts);
  await app.register(deleteRoute, parts);
};

const ParentJobId = jobId
  .optional()
  .describe('a job of yours that this spec was made from: what its search tried is told beside the verdict');

const submitRoute: FastifyPluginAsyncZod<JobsParts> = async (app, { pool, config, source, judges }) => {
  const defaults = defaultsOf(config);
  const { max_active_jobs_per_user: max_active_jobs, max_finished_jobs_per_user: max_finished_jobs } =
    config.backtest.jobs;
  const threads = threadsOf(config);
  const runtime_config_hash = runtimeConfigHash(config);

  app.setValidatorCompiler(allButBodies);
  app.post(
    JOBS,
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'submitJob',
        summary: 'Submit a spec as a job',
        tags: ['jobs'],
        headers: z.looseObject({ 'idempotency-key': IdempotencyKey }),
        querystring: z.strictObject({ parent_job_id: ParentJobId }),
        body: SpecBody,
        response: {
          201: reply(JobStatus, 'the new job'),
          200: reply(JobStatus, 'the job that this Idempotency-Key created before'),
          ...errorReplies('conflict', ...BODY_ERRORS),
        },
      },
    },
    async (request, answer) => {
      const { user_id, body } = request;
      const signal = hungUp(answer);
      const idempotency_key = request.headers['idempotency-key'];
      const { parent_job_id } = request.query;
      if (parent_job_id !== undefined) await requireParent(pool, parent_job_id, user_id);
      const strategy = await strategyOf(pool, body, { user_id, idempotency_key });
      const gate = { defaults, source, judges, strategy, user_id, signal, threads };
      const { spec, estimate } = await acceptSpec(body, gate);
      requirePriority(request.user, spec.priority);
      await requireRoomForRows(pool, config, { user_id, idempotency_key, rows: spec.top_k });
      const outcome = await submit(pool, {
        ...submissionOf(body, spec, { strategy, units: estimate }),
        job_id: uuid7(),
        user_id,
        runtime_config_hash,
        max_active_jobs,
        max_finished_jobs,
        idempotency_key: idempotency_key ?? null,
        parent_job_id: parent_job_id ?? null,
      });
      const status = await mine(pool, submittedJob(outcome).job_id, user_id);
      return answer.code(outcome.outcome === 'created' ? 201 : 200).send({ ...status, warnings: estimate.warnings });
    },
  );
};

/** Returns the job of a submit, or throws what kept it from being one. */
function submittedJob(outcome: Submitted): Job {
  if (outcome.outcome === 'quota_exceeded' || outcome.outcome === 'keeps_too_many') throw quotaError(outcome);
  if (outcome.outcome === 'conflict') {
    const { job_id } = outcome;
    throw new ApiError('conflict', `this Idempotency-Key was used for another request, job ${job_id}`, { job_id });
  }
  return outcome.job;
}

/** Demands that the user has the job, so that no other user's job is ever named. */
async function requireParent(pool: pg.Pool, job_id: string, user_id: string): Promise<void> {
  if (await hasJob(pool, job_id, user_id)) return;
  const message = `there is no job ${job_id} of yours: leave parent_job_id out where the job was deleted`;
  throw specError('parent_job_id', 'unknown_job', message);
}

/** What to say to a user who has as many jobs as the configuration allows. */
function quotaError({ outcome, ...counts }: Extract<Submitted, { active: number }>): ApiError {
  const { active, limit } = counts;
  const setting = outcome === 'quota_exceeded' ? 'max_active_jobs_per_user' : 'max_finished_jobs_per_user';
  const named = `${limit} are allowed (backtest.jobs.${setting})`;
  const message =
    'kept' in counts
      ? `you keep ${counts.kept} finished jobs and have ${active} that will be kept too, ${named}: delete some first, or set retention_days`
      : `${active} jobs of yours are queued or running, ${named}: wait for one to end, or cancel it`;
  return new ApiError('quota_exceeded', message, { ...counts, setting });
}

const ListQuery = z.strictObject({
  state: choiceInput(JOB_STATES).optional(),
  q: textInput(200)
    .optional()
    .describe(
      `part of the name, in any case; a page has the matches among ${MOST_SEARCHED} jobs, so it may have none and yet a next one`,
    ),
  limit: pageLimit,
  cursor: cursorInput('job_id'),
  owner: z
    .union([z.literal('all'), z.uuid()], 'must be all, or the id of a user')
    .optional()
    .describe('for administrators: the jobs of this user, or of all'),
});

const readRoutes: FastifyPluginAsyncZod<JobsParts> = async (app, { pool, looking }) => {
  const tags = ['jobs'];

  app.get(
    JOBS,
    {
      config: { costly: true },
      schema: {
        operationId: 'listJobs',
        summary: 'Your jobs, newest first',
        tags,
        querystring: ListQuery,
        response: {
          200: reply(JobList, 'one page'),
          ...errorReplies('validation_error'),
        },
      },
    },
    async ({ query: { owner, ...query }, user }, answer) => {
      if (owner !== undefined && owner !== user.user_id && user.role !== 'admin')
        throw new ApiError('forbidden', 'the jobs of others are for administrators');
      if (query.q) admitted(looking, user.user_id, answer);
      const everybody = owner === 'all';
      const user_id = owner === undefined || everybody ? user.user_id : owner;
      const { items, next_cursor } = await (query.q ? search : list)(pool, { ...query, user_id, everybody });
      return { items: items.map(withAbout), next_cursor: next_cursor && encodeCursor(next_cursor) };
    },
  );

  app.get(
    `${JOBS}/:job_id`,
    {
      schema: {
        operationId: 'getJob',
        summary: 'One job: state, progress, error, verdict',
        tags,
        params: JobIdInput,
        response: {
          200: reply(JobStatus, 'the job'),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, user }) => mine(pool, job_id, await actingAs(pool, user, job_id)),
  );
};

const cancelRoute: FastifyPluginAsyncZod<JobsParts> = async (app, { pool, silence }) => {
  app.post(
    `${JOBS}/:job_id/cancel`,
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'cancelJob',
        summary: 'Cancel a job; the best variants so far stay',
        description:
          'A queued job ends at once, a running one as soon as its worker stops; asking again changes nothing.',
        tags: ['jobs'],
        params: JobIdInput,
        response: {
          200: reply(JobStatus, 'the job'),
          ...errorReplies('not_found', ...BODY_ERRORS),
        },
      },
    },
    async ({ params: { job_id }, user }) => {
      const user_id = await actingAs(pool, user, job_id);
      await cancel(pool, { job_id, user_id }, silence.observer);
      return mine(pool, job_id, user_id);
    },
  );
};

const deleteRoute: FastifyPluginAsyncZod<JobsParts> = async (app, { pool }) => {
  app.delete(
    `${JOBS}/:job_id`,
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'deleteJob',
        summary: 'Delete a job that has ended, with everything it found out',
        description:
          'Nothing of it is kept, its Idempotency-Key included. A job that has not ended is cancelled first.',
        tags: ['jobs'],
        params: JobIdInput,
        response: {
          200: reply(DeletedJob, 'it is gone'),
          ...errorReplies('not_found', 'conflict', ...BODY_ERRORS),
        },
      },
    },
    async ({ params: { job_id }, user_id }) => {
      const outcome = await deleteJob(pool, { job_id, user_id });
      if (outcome === 'active') {
        throw new ApiError('conflict', `job ${job_id} has not ended: cancel it first, delete it when it has`, {
          job_id,
        });
      }
      if (outcome !== 'deleted') throw notMine(outcome, job_id);
      return { job_id };
    },
  );
};

const DeletedJob = z.object({ job_id: z.uuid() });

/** Returns the job, if it is this user's. */
async function mine(pool: pg.Pool, job_id: string, user_id: string): Promise<z.infer<typeof JobStatus>> {
  const found = await get(pool, { job_id, user_id });
  if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
  const ancestors = found.job.parent_job_id === null ? null : await lineage(pool, { job_id, user_id });
  return statusOf(found.job, ancestors);
}

/** Takes what is stored of a result for what its schema says, which holds it to that on its way out. */
function statusOf(job: JobDetail, ancestors: Lineage | null): z.infer<typeof JobStatus> {
  return { ...withAbout(job), ancestors } as z.infer<typeof JobStatus>;
}
