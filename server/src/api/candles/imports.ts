// /market-data/imports: candles of a user's file become part of the store in two steps. The first reads the file and says what it
// would do, the second does it. Between them the file waits in the store, for some hours. A process of imports/importer.ts reads.

import { join } from 'node:path';
import { SpecError } from '@backtest-jobs/engine';
import multipart from '@fastify/multipart';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { WOULD_REPLACE } from '../../candles/import.ts';
import type { Imported } from '../../imports/importer.ts';
import type { AffectedJobs, ImportRecord } from '../../imports/record.ts';
import { FILE_FOLDER, type Staging } from '../../imports/staging.ts';
import { MOST_IMPORTS } from '../../imports/usage.ts';
import { uuid7 } from '../../queue/uuid7.ts';
import { ApiError, BODY_ERRORS, errorReplies } from '../errors.ts';
import { idInput, SYMBOL, wholeInput } from '../inputs.ts';
import { admitted, hungUp, reply, requireReading } from '../replies.ts';
import { allButBodies } from '../spec-body.ts';
import { notMine, requireAdmin, requireUser, type CurrentUser } from '../user.ts';
import { jobsOf, placeOf, type ImportUser, type ImportDoor } from './import-door.ts';
import { ImportList, ImportStatus, itemOf, statusOf } from './import-status.ts';
import { receiveUpload, UploadFields, type Upload } from './upload.ts';

const IMPORTS = '/market-data/imports';

/** Body for the document only: it is read as it comes. */
const DocumentedUpload = UploadFields.extend({
  symbol: z.string().meta(SYMBOL),
  file: z.any().meta({ type: 'string', format: 'binary' }).describe('its name counts where an archive has named it'),
}).meta({ id: 'Upload', description: 'A file of candles, and what it holds' });

const ImportIdInput = z.strictObject({ import_id: idInput('an import') });

interface ImportsParts {
  readonly door: ImportDoor;
  readonly user: CurrentUser;
}

export const imports: FastifyPluginAsyncZod<ImportsParts> = async (app, { door, user }) => {
  requireUser(app, user);
  await app.register(uploadRoute, door);
  await app.register(listRoute, door);
  await app.register(importRoutes, door);
  await app.register(commitRoute, door);
};

const uploadRoute: FastifyPluginAsyncZod<ImportDoor> = async (app, door) => {
  app.removeAllContentTypeParsers();
  await app.register(multipart);
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(new ApiError('unsupported_media_type', 'the body must be multipart/form-data'));
  });
  app.setValidatorCompiler(allButBodies);
  app.post(
    IMPORTS,
    {
      config: { upload: true, scope: 'candles' },
      schema: {
        operationId: 'stageImport',
        summary: 'Send a file of candles and see what it would change',
        description:
          'CSV (plain, gzip or zip), Parquet or JSON lists, as `backtest candles import` takes them. Nothing of the store changes ' +
          'before the import is committed.',
        tags: ['market data'],
        consumes: ['multipart/form-data'],
        body: DocumentedUpload,
        response: {
          201: reply(ImportStatus, 'it waits to be committed'),
          ...errorReplies('conflict', ...BODY_ERRORS),
        },
      },
    },
    async (request, answer) => {
      const staging = beforeBody(answer, door.staging);
      beforeBody(answer, () => admitted(door.importing, request.user_id, answer));
      const upload = await receiveUpload(request, answer, staging);
      const { record, jobs } = await stage(door, upload, request, hungUp(answer));
      requireReading(answer);
      return answer.code(201).send(statusOf(record, jobs));
    },
  );
};

/** Judges a file that has arrived and keeps it; one that is refused goes. */
async function stage(door: ImportDoor, { received, wish }: Upload, asker: ImportUser, signal: AbortSignal) {
  const { folder, name: file } = received;
  try {
    const question = { ...placeOf(door, wish), folder: join(folder, FILE_FOLDER), file, how: 'judge' } as const;
    const found = await door.importer.take(question, signal);
    const jobs = await jobsOf(door, found, asker);
    const given = { import_id: uuid7(), wish, ...found, committed: null };
    return { record: await door.staging().keep(received, given), jobs };
  } catch (error) {
    await door.staging().discard(received);
    throw error;
  }
}

/** Throws what needs no body to be known; the body is not waited for. */
function beforeBody<T>(answer: FastifyReply, work: () => T): T {
  try {
    return work();
  } catch (error) {
    void answer.header('connection', 'close');
    throw error;
  }
}

async function mine(staging: Staging, import_id: string, { user_id }: ImportUser): Promise<ImportRecord> {
  const record = await staging.get(import_id);
  if (record === null) throw notMine('not_found', import_id, 'import');
  if (record.user_id !== user_id) throw notMine('forbidden', import_id, 'import');
  return record;
}

function lockOf(staging: Staging, import_id: string): Disposable {
  const held = staging.lock(import_id);
  if (held === null) throw new ApiError('conflict', `import ${import_id} is being committed or deleted right now`);
  return held;
}

const listRoute: FastifyPluginAsyncZod<ImportDoor> = async (app, door) => {
  app.get(
    IMPORTS,
    {
      config: { costly: true },
      schema: {
        operationId: 'listImports',
        summary: 'Files of yours that were sent, newest first',
        description:
          'What one of them changes, and which jobs ran on those candles, `GET /market-data/imports/{import_id}` tells.',
        tags: ['market data'],
        querystring: z.strictObject({ limit: wholeInput(1, MOST_IMPORTS, MOST_IMPORTS) }),
        response: {
          200: reply(ImportList, `at most ${MOST_IMPORTS} are kept`),
          ...errorReplies('conflict', 'validation_error'),
        },
      },
    },
    async ({ query: { limit }, user_id }) => {
      const records = await door.staging().list(user_id);
      return { items: records.slice(0, limit).map(itemOf) };
    },
  );
};

const importRoutes: FastifyPluginAsyncZod<ImportDoor> = async (app, door) => {
  app.get(
    `${IMPORTS}/:import_id`,
    {
      config: { costly: true },
      schema: {
        operationId: 'getImport',
        summary: 'A file that was sent: what it would change, or has changed',
        tags: ['market data'],
        params: ImportIdInput,
        response: {
          200: reply(ImportStatus, 'the import'),
          ...errorReplies('not_found', 'conflict', 'validation_error'),
        },
      },
    },
    async (request) => {
      const record = await mine(door.staging(), request.params.import_id, request);
      return statusOf(record, record.committed?.jobs ?? (await jobsOf(door, record, request)));
    },
  );

  app.delete(
    `${IMPORTS}/:import_id`,
    {
      config: { scope: 'candles' },
      schema: {
        operationId: 'deleteImport',
        summary: 'Forget a file that was sent; what was committed stays in the store',
        tags: ['market data'],
        params: ImportIdInput,
        response: {
          200: reply(z.object({ import_id: z.uuid() }), 'it is gone'),
          ...errorReplies('not_found', 'conflict', ...BODY_ERRORS),
        },
      },
    },
    async (request) => {
      const { import_id } = await mine(door.staging(), request.params.import_id, request);
      using _lock = lockOf(door.staging(), import_id);
      await door.staging().remove(import_id);
      return { import_id };
    },
  );
};

const commitRoute: FastifyPluginAsyncZod<ImportDoor> = async (app, door) => {
  app.post(
    `${IMPORTS}/:import_id/commit`,
    {
      config: { scope: 'candles' },
      schema: {
        operationId: 'commitImport',
        summary: 'Make a file that was sent part of the store, all of it or nothing',
        description:
          'Bars that the store has with other numbers are replaced only with `replace`, which needs the role admin. Asking again ' +
          'changes nothing.',
        tags: ['market data'],
        params: ImportIdInput,
        body: z
          .strictObject({ replace: z.boolean('must be true or false').optional() })
          .nullish()
          .meta({ examples: [{ replace: true }] }),
        response: {
          200: reply(ImportStatus, 'it is part of the store'),
          ...errorReplies('not_found', 'conflict', ...BODY_ERRORS),
        },
      },
    },
    async (request, answer) => {
      const { params, body, user_id } = request;
      admitted(door.importing, user_id, answer);
      const staging = door.staging();
      await mine(staging, params.import_id, request);
      using _lock = lockOf(staging, params.import_id);
      const record = await mine(staging, params.import_id, request);
      if (record.committed !== null) return statusOf(record, record.committed.jobs);
      const replace = body?.replace === true;
      if (replace && record.report.replaced > 0) requireAdmin(request, 'replacing bars');
      const jobs = await jobsOf(door, record, request);
      const found = await commit(door, record, replace && request.is_admin, jobs);
      const done = { ...record, ...found, committed: { at: new Date().toISOString(), jobs } };
      await staging.committed(done);
      return statusOf(done, jobs);
    },
  );
};

/** Whoever leaves now does not end it: it is done or not done, and a repeat tells which. */
const TO_THE_END = new AbortController().signal;

async function commit(door: ImportDoor, record: ImportRecord, replace: boolean, jobs: AffectedJobs): Promise<Imported> {
  const { import_id, file, wish } = record;
  const folder = door.staging().fileFolder(import_id);
  const how = replace ? 'replace' : 'add';
  try {
    return await door.importer.take({ ...placeOf(door, wish), folder, file: file.name, how }, TO_THE_END);
  } catch (error) {
    const would = error instanceof SpecError && error.problems.find(({ code }) => code === WOULD_REPLACE);
    if (!would) throw error;
    const message = `${would.message}: send {"replace": true}, as admin, to replace them`;
    throw new ApiError('conflict', message, { replaced: record.report.replaced, jobs });
  }
}
