// Bodies are JSON. The reply to a broken one names the place where it breaks; none at all is left to the route.

import { specError } from '@backtest-jobs/engine/internal';
import type { FastifyInstance } from 'fastify';

export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined);
    return parse(request, text, (error, body) => {
      if (error) done(specError('', 'malformed_json', faultOf(text)));
      else done(null, body);
    });
  });
}

function faultOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return `the body is not JSON: ${error instanceof Error ? error.message : ''}`;
  }
  return 'the keys __proto__ and constructor.prototype are not accepted';
}
