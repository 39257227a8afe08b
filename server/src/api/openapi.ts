// The OpenAPI document, made from the schemas that validate and describe each route, and the page that shows it.

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { VERSION } from '../config/version.ts';
import { addExamples } from './examples/examples.ts';
import type { RouteScope } from './user.ts';

export const ALIAS = '/api';

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
        { name: 'surface', description: 'scores of stage_a: map, profiles, where the best live' },
        { name: 'strategies', description: 'templates that are kept under a name' },
        { name: 'variants', description: 'one variant in full' },
        { name: 'catalogue', description: 'what a form needs to know' },
        { name: 'market data', description: 'which candles there are' },
        { name: 'accounts', description: 'signing in, sessions, tokens, and who may do so' },
        { name: 'health', description: 'for probes' },
      ],
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: (asked) => {
      const { schema, url } = jsonSchemaTransform(asked);
      const { scope } = asked.route.config ?? {};
      return {
        url,
        schema: { ...schema, security: securityOf(scope), ...(url.startsWith(`${ALIAS}/`) && { hide: true }) },
      };
    },
    transformObject: (routes) => {
      const document = jsonSchemaTransformObject(routes);
      if (!('components' in document)) return document;
      dropUnused(document, document.components?.schemas ?? {});
      addExamples(document);
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

const SECURITY_SCHEMES = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'backtest_session',
    description: 'Cookie of POST /auth/sign-in; over TLS and in production its name begins with __Host-.',
  },
  token: {
    type: 'http',
    scheme: 'bearer',
    description:
      'Token of POST /auth/tokens, with the scope that a route names. Where an identity provider is configured, its token (JWT) signs in like a session.',
  },
} as const;

/** Lists what a route accepts: nothing is needed, a session only, or a token with a scope too. */
function securityOf(scope: RouteScope | undefined): { [scheme: string]: string[] }[] {
  if (scope === undefined) return [];
  return scope === 'account' || scope === 'admin' ? [{ session: [] }] : [{ session: [] }, { token: [scope] }];
}

/** Removes schemas that nothing refers to: each comes in two forms, as sent and as received. */
function dropUnused(document: object, schemas: Record<string, unknown>): void {
  const text = JSON.stringify(document);
  const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
  if (unused.length === 0) return;
  for (const name of unused) delete schemas[name];
  dropUnused(document, schemas); // what only they referred to
}
