/** How long a message may take to arrive. */
export const MESSAGE_SECONDS = 30;
/** A slow modem with a long message is slow, not hostile: each KiB that came buys a second. */
const BYTES_A_SECOND = 1024;
/** Two bytes and a mask of four. */
const CONTROL_HEADER_BYTES = 6;

/** The message that is arriving: bytes that belong to none yet, and for how long they have. */
export class Assembly {
  #bytes = 0;
  #seconds = 0;

  /** Told before anybody reads them, so that a message that they complete leaves nothing behind. */
  came(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A ping or pong may stand between the fragments of a message and is no part of it. */
  control(dataBytes: number): void {
    this.#bytes = Math.max(0, this.#bytes - dataBytes - CONTROL_HEADER_BYTES);
  }

  complete(): void {
    this.#bytes = 0;
  }

  /** Once a second; true when it takes too long. */
  tick(): boolean {
    this.#seconds = this.#bytes > 0 ? this.#seconds + 1 : 0;
    return this.#seconds > MESSAGE_SECONDS + this.#bytes / BYTES_A_SECOND;
  }
}
