// What an agent reads: example specs and the reference as this project has them, the schema of a spec as the API tells it, and a
// prompt that begins a strategy with them.

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { PROJECT } from '../config/paths.ts';
import { askApi, type AccessOf } from './ask-api.ts';

interface Page {
  readonly uri: string;
  readonly file: string;
  readonly mimeType: string;
  readonly description: string;
}

const KINDS = [
  { kind: 'example', folder: 'examples', ends: '.yaml', mimeType: 'application/yaml' },
  { kind: 'reference', folder: 'docs/reference', ends: '.md', mimeType: 'text/markdown' },
] as const;

const ABOUT: Readonly<Record<string, string>> = {
  'sma-rsi-stops.yaml': 'a spec with indicators, their own signals and a grid of stops',
  'ema-cross.yaml': 'a spec with rules, parameters and a constraint',
  'macd-bollinger.yaml': 'a spec with exit rules, filled at the next open, stops within the bar',
  'spec.md': 'how a spec is written: every field, axes, rules',
  'trades.md': 'what a trade is: fills, order of events, stops, costs',
  'verdict.md': 'how to read a verdict',
  'sessions.md': 'when the day of a market begins',
  'agents.md': 'how agents are connected, and what the tools are',
};

const SCHEMA_URI = 'backtest://schema/spec.json';

const PAGES: readonly Page[] = KINDS.flatMap(({ kind, folder, ends, mimeType }) =>
  readdirSync(join(PROJECT, folder))
    .filter((name) => name.endsWith(ends))
    .sort()
    .map((name) => ({
      uri: `backtest://${kind}/${name}`,
      file: join(PROJECT, folder, name),
      mimeType,
      description: ABOUT[name] ?? name,
    })),
);

export function addPages(server: McpServer, accessOf: AccessOf): void {
  for (const { uri, file, mimeType, description } of PAGES) {
    server.registerResource(uri.slice(uri.lastIndexOf('/') + 1), uri, { mimeType, description }, async () => ({
      contents: [{ uri, mimeType, text: await readFile(file, 'utf8') }],
    }));
  }
  const mimeType = 'application/schema+json';
  const description = 'the JSON Schema of a spec, with all bounds, as this API has it';
  server.registerResource('spec.json', SCHEMA_URI, { mimeType, description }, async (_uri, extra) => {
    const document = await askApi(accessOf(extra), { path: '/openapi.json', signal: extra.signal });
    return { contents: [{ uri: SCHEMA_URI, mimeType, text: JSON.stringify(schemaOf(document)) }] };
  });
  addPrompt(server);
}

function addPrompt(server: McpServer): void {
  const about = {
    title: 'Test a trading idea',
    description: 'Turns an idea into a spec, runs it and tells whether to believe what was found',
    argsSchema: { idea: z.string().describe('what to test, in your words') },
  };
  server.registerPrompt('test_idea', about, async ({ idea }) => ({
    messages: [
      { role: 'user', content: { type: 'text', text: await ideaText(idea) } },
      { role: 'user', content: await embedded('backtest://reference/spec.md') },
    ],
  }));
}

async function ideaText(idea: string): Promise<string> {
  const example = await embedded('backtest://example/ema-cross.yaml');
  return [
    `Test this trading idea: ${idea}`,
    '',
    'Look up the instrument (instruments) and the indicators (indicators). Write a spec like this example:',
    '',
    example.resource.text,
    'Call estimate until it names no problem, then submit, then watch until it has ended. Read verdict and top. Tell me the best',
    'parameters together with the sentence of the verdict, and what would make the result more believable.',
  ].join('\n');
}

async function embedded(uri: string) {
  const page = PAGES.find((one) => one.uri === uri);
  if (page === undefined) throw new Error(`there is no page ${uri}`);
  const { mimeType, file } = page;
  return { type: 'resource' as const, resource: { uri, mimeType, text: await readFile(file, 'utf8') } };
}

const Document = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });

/** Picks the schema of a spec out of an OpenAPI document, with what it refers to as $defs. */
function schemaOf(document: unknown): object {
  const { schemas } = Document.parse(document).components;
  const found = new Map<string, unknown>();
  const collect = (name: string): void => {
    if (found.has(name)) return;
    found.set(name, schemas[name]);
    for (const [, next = ''] of JSON.stringify(schemas[name] ?? null).matchAll(/#\/components\/schemas\/(\w+)/g))
      collect(next);
  };
  collect('Spec');
  const text = JSON.stringify({ $ref: '#/$defs/Spec', $defs: Object.fromEntries(found) });
  return JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as object;
}
