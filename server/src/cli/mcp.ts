// backtest mcp: lets agents use the API as tools, on stdin and stdout or over HTTP. Stdout belongs to the protocol; whatever
// else is to be said goes to stderr.

import { isLoopback } from '../config/loopback.ts';
import { aborted, INTERRUPTED, listenForStop } from '../stop.ts';
import { accessTo, API_OPTIONS } from './client.ts';
import { command, UsageError, wholeNumber } from './command.ts';

const PORT = 8100;

export const mcp = command({
  name: 'mcp',
  about: 'Lets agents use the API as tools, by the Model Context Protocol: on stdin and stdout, or with --http.',
  takes: [],
  options: {
    ...API_OPTIONS,
    http: { about: 'serve streamable HTTP at /mcp instead, for clients that each bring a token of theirs' },
    host: { value: 'ADDRESS', about: 'with --http: where to listen (127.0.0.1); beyond loopback needs --hosts' },
    port: { value: 'N', about: `with --http: port (${PORT}), 0 for a free one; fails when it is busy` },
    hosts: { value: 'NAMES', about: 'with --http: names under which it is asked beyond this machine, with commas' },
  },
  notes: [
    'On stdin and stdout it asks as you: with BACKTEST_TOKEN, else the session of login, else as the user of a machine without',
    'accounts. Over HTTP every request has a token (Authorization: Bearer bt_..., from token create), which goes on to the API.',
    'It is asked at /mcp; the page docs/reference/agents.md says how agents are connected.',
  ],
  examples: ['mcp', 'mcp --api http://127.0.0.1:8000', 'mcp --http --port 8100'],
  run: async ({ api, http, host = '127.0.0.1', port, hosts }) => {
    const number = wholeNumber('--port', port, 0, 65_535);
    if (!http) {
      const [stray] = Object.entries({
        host: host !== '127.0.0.1',
        port: port !== undefined,
        hosts: hosts !== undefined,
      })
        .filter(([, given]) => given)
        .map(([name]) => name);
      if (stray !== undefined) throw new UsageError(`--${stray} goes with --http`);
    }
    const access = accessTo(api);
    using stop = listenForStop();
    if (!http) {
      const { serveStdio } = await import('../mcp/stdio.ts');
      await serveStdio(access, stop.signal);
      return stop.signal.aborted ? INTERRUPTED : 0;
    }
    const names = (hosts ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim().toLowerCase()]));
    if (!isLoopback(host) && names.length === 0)
      throw new UsageError(`--host ${host}: beyond this machine --hosts must name under which names it is asked`);
    const { serveHttp } = await import('../mcp/http.ts');
    await using running = await serveHttp({ api: access.url, host, port: number ?? PORT, hosts: names });
    process.stderr.write(`MCP at ${running.url}, for the API at ${access.url}; Ctrl-C ends it\n`);
    await aborted(stop.signal);
    return 0;
  },
});
