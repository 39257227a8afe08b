// The page that agents write specs by is true: the gate takes its examples, and its lists are those of the code.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { METRICS, parseSpec, TIMEFRAMES } from '@backtest-jobs/engine';
import { BOUNDS, DIRECTIONS, FILLS, SIZINGS, SOURCES, TRIGGERS } from '@backtest-jobs/engine/internal';
import { parse } from 'yaml';
import { SpecBody } from '../api/spec-body.ts';
import { PROJECT } from '../config/paths.ts';
import { openAdmission } from '../reports/admission.ts';
import { openMcpServer } from './server.ts';

const read = (file: string): Promise<string> => readFile(join(PROJECT, file), 'utf8');
const SPEC_PAGE = await read('docs/reference/spec.md');
const AGENTS_PAGE = await read('docs/reference/agents.md');

test('the examples of the page are accepted', () => {
  const examples = [...SPEC_PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  assert.equal(examples.length, 2);
  for (const text of examples) assert.equal(parseSpec(parse(text)).template.timeframe, '1d');
});

test('the page names every word of a spec that has a list in the code', () => {
  const words = [
    ...METRICS.map(({ name }) => name),
    ...DIRECTIONS,
    ...SIZINGS,
    ...FILLS,
    ...TRIGGERS,
    ...SOURCES,
    ...Object.keys(BOUNDS.execution),
    ...Object.keys(BOUNDS.risk_grid),
    ...Object.keys(SpecBody.shape).filter((name) => name !== 'priority'), // above 0 it is for administrators
  ];
  const named = new Set([...SPEC_PAGE.matchAll(/[\w-]+/g)].map(([word]) => word));
  assert.deepEqual(
    words.filter((word) => !named.has(word)),
    [],
  );
  assert.ok(SPEC_PAGE.includes(Object.keys(TIMEFRAMES).join(', ')));
});

test('the page for people names every tool, and every page that a tool names is there', async () => {
  const parts = {
    accessOf: () => ({ url: 'http://127.0.0.1:1', headers: {} }),
    calls: openAdmission({ things: 'calls', ofUser: 1, ofAll: 1 }),
  };
  const server = openMcpServer(parts);
  const { InMemoryTransport } = await import('@modelcontextprotocol/sdk/inMemory.js');
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const [mine, its] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([server.connect(its), client.connect(mine)]);
  const { tools } = await client.listTools();
  const listed = [...AGENTS_PAGE.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(new Set(listed), new Set(tools.map(({ name }) => name)));
  const uris = new Set((await client.listResources()).resources.map(({ uri }) => uri));
  const text = JSON.stringify(tools) + (client.getInstructions() ?? '') + AGENTS_PAGE;
  const named = [...text.matchAll(/backtest:\/\/[\w/.-]+\w/g)].map(([uri]) => uri);
  assert.ok(named.length > 5);
  for (const uri of named) assert.ok(uris.has(uri), uri);
  const { messages } = await client.getPrompt({ name: 'test_idea', arguments: { idea: 'buy the dip' } });
  assert.match(JSON.stringify(messages), /buy the dip.*EMA cross.*How a spec is written/);
  await client.close();
});

test('what an agent reads before its first call is small', async () => {
  const { TOOLS } = await import('./server.ts');
  const bytes = Buffer.byteLength(JSON.stringify(TOOLS.map(({ info }) => info)));
  assert.ok(bytes < 24 * 1024, `${bytes} bytes`);
});
