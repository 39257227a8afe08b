// The types are those of the document that the API serves. UPDATE_GOLDEN=1 writes them anew, as `npm run client` does.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { buildApi } from '../../server/src/api.ts';
import { openPool } from '../../server/src/db.ts';
import { REPORTS, SOURCE, testConfig } from '../../server/test/api.ts';

const TYPES = new URL('openapi.ts', import.meta.url);
const HEAD = '// Types of the HTTP API, made from its OpenAPI document by `npm run client`. Do not edit.\n\n';

test('the types are made from the document of the API as it is now', async () => {
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  const app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS });
  try {
    const { body } = await app.inject('/openapi.json');
    // Examples of whole replies would be half of the file, and say nothing about types.
    const document = JSON.parse(body, (key, value: unknown) => (key === 'example' ? undefined : value)) as OpenAPI3;
    // A field that the API fills in when it is left out may be left out.
    const types = HEAD + astToString(await openapiTS(document, { defaultNonNullable: false }));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(TYPES, types);
    const same = readFileSync(TYPES, 'utf8') === types;
    assert.ok(same, 'client/src/openapi.ts is not what the document says: run npm run client and look at the diff');
  } finally {
    await app.close();
    await pool.end();
  }
});
