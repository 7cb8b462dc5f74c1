import type { Duplex } from 'node:stream';

/**
 * Sockets that have not shown yet who they are: so many an address, each for so long. Established stations are not in it,
 * and a site behind one address only counts while it knocks.
 */
export class Lobby {
  readonly #perAddress: number;
  readonly #seconds: number;
  readonly #waiting = new Map<Duplex, { readonly address: string; left: number }>();
  readonly #addresses = new Map<string, number>();

  constructor(o: { readonly perAddress: number; readonly seconds: number }) {
    this.#perAddress = o.perAddress;
    this.#seconds = o.seconds;
  }

  /** False when there is no room for one more from there. */
  enter(socket: Duplex, address: string): boolean {
    const there = this.#addresses.get(address) ?? 0;
    if (there >= this.#perAddress) return false;
    this.#addresses.set(address, there + 1);
    this.#waiting.set(socket, { address, left: this.#seconds });
    socket.once('close', () => this.leave(socket));
    return true;
  }

  leave(socket: Duplex): void {
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) return;
    this.#waiting.delete(socket);
    const left = (this.#addresses.get(waiting.address) ?? 1) - 1;
    if (left === 0) this.#addresses.delete(waiting.address);
    else this.#addresses.set(waiting.address, left);
  }

  /** The request has arrived whole; what follows is our own work. */
  heard(socket: Duplex): void {
    const waiting = this.#waiting.get(socket);
    if (waiting !== undefined) waiting.left = Infinity;
  }

  /** Once a second. Ends those whose time is over. */
  tick(): void {
    for (const [socket, waiting] of this.#waiting) {
      waiting.left -= 1;
      if (waiting.left <= 0) socket.destroy();
    }
  }
}
