// One function for each method of HTTP, typed by the paths of the OpenAPI document.

import createOpenapiClient, { type Client as OpenapiClient } from 'openapi-fetch';
import type { paths } from './openapi.ts';

export interface ClientOptions {
  /** Where the API is: http://127.0.0.1:8000; in a page of its own server `/api`. */
  readonly baseUrl: string;
  /** API token, sent as a bearer token. Without it a browser sends the cookie of its session. */
  readonly token?: string;
  /** Takes the place of the global fetch. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type Client = OpenapiClient<paths>;

export function createClient({ baseUrl, token, fetch }: ClientOptions): Client {
  return createOpenapiClient<paths>({
    baseUrl,
    ...(fetch && { fetch }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
}
