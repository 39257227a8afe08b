// The OpenAPI document, made from the schemas that validate and describe each route, and the page that shows it.

import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

export const ALIAS = '/api';
const MANIFEST = new URL('../../package.json', import.meta.url);
const VERSION = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(MANIFEST, 'utf8'))).version;

/** Registers the document and its page; it must come before the routes. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Backtest Jobs',
        description:
          'Finds the best parameters of a trading strategy, as durable jobs. Instants are UTC, ISO 8601. Metrics are finite numbers, "inf", "-inf" or null.',
        version: VERSION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }, { url: ALIAS, description: 'alias of the same routes' }],
      tags: [
        { name: 'jobs', description: 'submit, watch, cancel, read the best variants' },
        { name: 'strategies', description: 'templates that are kept under a name' },
        { name: 'variants', description: 'one variant in full' },
        { name: 'catalogue', description: 'what a form needs to know' },
        { name: 'market data', description: 'which candles there are' },
        { name: 'health', description: 'for probes' },
      ],
    },
    transform: (route) => {
      const documented = jsonSchemaTransform(route);
      return route.url.startsWith(`${ALIAS}/`)
        ? { ...documented, schema: { ...documented.schema, hide: true } }
        : documented;
    },
    transformObject: (routes) => {
      const document = jsonSchemaTransformObject(routes);
      if ('components' in document) dropUnused(document, document.components?.schemas ?? {});
      return document;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs/api',
    theme: { title: 'Backtest Jobs: API' },
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', defaultModelsExpandDepth: 0 },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

/** Removes schemas that nothing refers to: each comes in two forms, as sent and as received. */
function dropUnused(document: object, schemas: Record<string, unknown>): void {
  const text = JSON.stringify(document);
  const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
  if (unused.length === 0) return;
  for (const name of unused) delete schemas[name];
  dropUnused(document, schemas); // what only they referred to
}
