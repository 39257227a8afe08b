// One MCP server: the tools, what an agent reads to write a spec, and a prompt that begins with it. It knows no transport; as
// whom the API is asked, each request says.

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { VERSION } from '../config/version.ts';
import { TooManyOpen, type Admission } from '../reports/admission.ts';
import { askApi, Refusal, type Access, type AccessOf } from './ask-api.ts';
import { cancelTool } from './cancel.ts';
import { estimateTool } from './estimate.ts';
import { indicatorsTool } from './indicators.ts';
import { instrumentsTool } from './instruments.ts';
import { jobsTool } from './jobs.ts';
import { addPages } from './pages.ts';
import { submitTool } from './submit.ts';
import { errorResult, type AnyTool, type Doing } from './tool.ts';
import { topTool } from './top.ts';
import { variantReportTool } from './variant-report.ts';
import { verdictTool } from './verdict.ts';
import { watchTool } from './watch.ts';

export const TOOLS: readonly AnyTool[] = [
  instrumentsTool,
  indicatorsTool,
  estimateTool,
  submitTool,
  watchTool,
  topTool,
  verdictTool,
  variantReportTool,
  jobsTool,
  cancelTool,
];

const INSTRUCTIONS = [
  'Backtest Jobs finds the best parameters of a trading strategy over a grid, as jobs, and tells whether to believe them.',
  'The way: instruments and indicators say what there is; write a spec (read backtest://example/sma-rsi-stops.yaml and',
  'backtest://reference/spec.md first); estimate checks it; submit makes it a job; watch until it has ended; verdict, then top;',
  'variant_report for one variant. Never tell a result without the sentence of its verdict. Numbers have six digits.',
  'An error is {error: {code, message, details}}; details.errors has every problem of a spec with its path.',
].join('\n');

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface ServerParts {
  readonly accessOf: AccessOf;
  /** Calls that run at the same time. */
  readonly calls: Admission;
}

export function openMcpServer(parts: ServerParts): McpServer {
  const info = { name: 'backtest-jobs', title: 'Backtest Jobs', version: VERSION };
  const server = new McpServer(info, { instructions: INSTRUCTIONS, capabilities: { tools: {} } });
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: TOOLS.map((one) => one.info) }));
  server.server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = TOOLS.find(({ info: { name } }) => name === params.name);
    if (tool === undefined) {
      const names = TOOLS.map((one) => one.info.name).join(', ');
      throw new McpError(ErrorCode.InvalidParams, `there is no tool ${params.name}; there are ${names}`);
    }
    let leave: () => void;
    try {
      leave = parts.calls.admit(extra.authInfo?.clientId ?? '');
    } catch (error) {
      if (!(error instanceof TooManyOpen)) throw error;
      return errorResult(new Refusal(429, 'quota_exceeded', error.message, { open: error.open, limit: error.limit }));
    }
    try {
      return await tool.call(params.arguments, doingOf(parts.accessOf(extra), extra));
    } finally {
      leave();
    }
  });
  addPages(server, parts.accessOf);
  return server;
}

function doingOf(access: Access, { signal, sendNotification, _meta }: Extra): Doing {
  const token = _meta?.progressToken;
  return {
    signal,
    ask: (question) => askApi(access, { ...question, signal }),
    async progress(progress, total, message) {
      if (token === undefined) return;
      const params = { progressToken: token, progress, ...(total > 0 && { total }), message };
      await sendNotification({ method: 'notifications/progress', params });
    },
  };
}
