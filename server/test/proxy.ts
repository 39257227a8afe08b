// A TCP proxy in front of a server, for tests in which the network fails: nothing is closed, bytes only stop to arrive.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy extends AsyncDisposable {
  /** The DSN by way of this proxy. */
  readonly dsn: string;
  /** From now on nothing arrives any more, on present and future connections. Resolves when a first request is lost. */
  silence(): Promise<void>;
  /** The next answer that contains this text does not arrive, nor does anything after it on its connection. */
  loseAnswerWith(text: string): void;
}

export async function openProxy(dsn: string): Promise<Proxy> {
  const url = new URL(dsn);
  const sockets = new Set<Socket>();
  let silent = false;
  let fatal: string | null = null;
  const unheard = Promise.withResolvers<void>();
  const server = createServer((client) => {
    const upstream = connect(Number(url.port), url.hostname);
    let dead = false;
    client.on('data', (bytes) => {
      if (silent) unheard.resolve();
      else if (!dead) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (fatal !== null && bytes.includes(fatal)) {
        dead = true;
        fatal = null;
      }
      if (!silent && !dead) client.write(bytes);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => silent || dead || other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const through = new URL(dsn);
  through.port = String(address.port);
  return {
    dsn: through.href,
    silence() {
      silent = true;
      return unheard.promise;
    },
    loseAnswerWith: (text) => void (fatal = text),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
