import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Sockets by how long they have been open, those whose peer is known apart. */
export interface KnownConnections {
  /** The peer has shown who it is: it is not cut off for newer ones. */
  know(socket: Socket): void;
}

/**
 * Keeps strangers' connections few: the oldest is cut off when one too many comes. Refusing the newest instead would
 * let a flood of idle connections lock the trader out.
 */
export function limitStrangers(server: Server, most: number): KnownConnections {
  const strangers = new Set<Socket>();
  server.on('connection', (socket) => {
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
    const [oldest] = strangers;
    if (strangers.size > most && oldest !== undefined) {
      strangers.delete(oldest);
      oldest.destroy();
    }
  });
  return {
    know(socket) {
      strangers.delete(socket);
    },
  };
}
