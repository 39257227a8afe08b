// Connections on which nothing was asked yet, such as browsers open ahead: a server that closes would wait a minute for their
// first request, so it closes them.

import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Closes with the server the connections on which nothing was asked. */
export function closeUnasked(app: FastifyInstance): void {
  const unasked = new Set<Socket>();
  let closing = false;
  app.server.on('connection', (socket) => {
    if (closing) return void socket.destroy();
    unasked.add(socket);
    socket.once('close', () => unasked.delete(socket));
  });
  app.server.on('request', ({ socket }) => void unasked.delete(socket));
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of unasked) socket.destroy();
  });
}
