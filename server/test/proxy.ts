// A TCP proxy in front of a server, for tests in which the network fails: nothing is closed, bytes only stop to arrive.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy extends AsyncDisposable {
  /** The DSN by way of this proxy. */
  readonly dsn: string;
  /** From now on nothing arrives any more, on present and future connections. Resolves when a first request is lost. */
  silence(): Promise<void>;
  /**
   * New connections work again. Those that fell silent stay so for the client; the server notices that they are gone,
   * as its keepalive would tell it in the end.
   */
  heal(): void;
  /** Every byte takes this long, in both directions. */
  delay(ms: number): void;
  /**
   * The next answer that contains this text, or the nth, does not arrive, nor does anything after it on its connection.
   */
  loseAnswerWith(text: string, nth?: number): void;
  /** How many answers with that text have come by. */
  answers(): number;
  /** From now on what the server sends with this text in it does not arrive; its connection lives. */
  swallow(text: string): void;
  /** How often it did. */
  swallowed(): number;
}

/** What all connections of a proxy share. */
interface Way {
  readonly sockets: Set<Socket>;
  /** To the server, of connections whose client hears nothing any more. */
  readonly silenced: Set<Socket>;
  silent: boolean;
  latency: number;
  fatal: { readonly text: string; readonly nth: number } | null;
  answers: number;
  unwanted: string | null;
  swallowed: number;
}

export async function openProxy(dsn: string): Promise<Proxy> {
  const url = new URL(dsn);
  const sockets = { sockets: new Set<Socket>(), silenced: new Set<Socket>() };
  const way: Way = { ...sockets, silent: false, latency: 0, fatal: null, answers: 0, unwanted: null, swallowed: 0 };
  const unheard = Promise.withResolvers<void>();
  const server = createServer((client) => relay(client, connect(Number(url.port), url.hostname), way, unheard.resolve));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const through = new URL(dsn);
  through.port = String(address.port);
  return {
    dsn: through.href,
    silence() {
      way.silent = true;
      return unheard.promise;
    },
    heal() {
      way.silent = false;
      for (const upstream of way.silenced) upstream.destroy();
      way.silenced.clear();
    },
    delay: (ms) => void (way.latency = ms),
    loseAnswerWith: (text, nth = 1) => void (way.fatal = { text, nth }),
    answers: () => way.answers,
    swallow: (text) => void (way.unwanted = text),
    swallowed: () => way.swallowed,
    async [Symbol.asyncDispose]() {
      for (const socket of way.sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One connection; dead means that no byte passes any more, in neither direction, and nobody is told. */
function relay(client: Socket, upstream: Socket, way: Way, onUnheard: () => void): void {
  let dead = false;
  const die = (): void => {
    dead = true;
    way.silenced.add(upstream);
  };
  const pass = (to: Socket, bytes: Buffer): void => {
    const send = (): unknown => !dead && to.writable && to.write(bytes);
    if (way.latency > 0) setTimeout(send, way.latency);
    else send();
  };
  client.on('data', (bytes) => {
    if (way.silent) {
      die();
      onUnheard();
    }
    pass(upstream, bytes);
  });
  upstream.on('data', (bytes) => {
    if (way.silent) die();
    if (way.unwanted !== null && bytes.includes(way.unwanted)) {
      way.swallowed += 1;
      return;
    }
    if (way.fatal !== null && bytes.includes(way.fatal.text)) {
      way.answers += 1;
      if (way.fatal.nth === way.answers) die();
    }
    pass(client, bytes);
  });
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    way.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => (way.silent || dead ? way.silenced.add(upstream) : other.destroy()));
  }
}
