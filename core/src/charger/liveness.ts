export type Pulse = 'well' | 'ping' | 'dead';

/** Nothing that was not asked for is sent to a station that has just connected. */
const QUIET_SECONDS = 30;
const PING_SECONDS = 20;
const MISSED_PONGS = 2;
const SILENT_HEARTBEATS = 2.5;

/**
 * Whether anybody is at the other end. Counts beats (seconds in which we could have heard something), so that a stalled
 * process, a paused socket or a clock that is set ends no connection.
 */
export class Liveness {
  pingSeconds: number | 'never' = PING_SECONDS;
  heartbeatSeconds: number;
  #beat = 0;
  #heardAt = 0;
  #nextPing = QUIET_SECONDS;
  #awaitsPong = false;
  #missed = 0;
  #hasPonged = false;

  constructor(heartbeatSeconds: number) {
    this.heartbeatSeconds = heartbeatSeconds;
  }

  get beat(): number {
    return this.#beat;
  }

  heard(): void {
    this.#heardAt = this.#beat;
    this.#awaitsPong = false;
    this.#missed = 0;
  }

  ponged(): void {
    this.#hasPonged = true;
    this.heard();
  }

  /** The socket was not read for a while: what was missed in that time is not missing. */
  resumed(): void {
    this.heard();
  }

  tick(): Pulse {
    this.#beat += 1;
    if (this.#beat - this.#heardAt > this.heartbeatSeconds * SILENT_HEARTBEATS) return 'dead';
    if (this.pingSeconds === 'never' || this.#beat < this.#nextPing) return 'well';
    if (this.#awaitsPong) this.#missed += 1;
    // Some stacks never answer a ping: only who has ponged before is missed.
    if (this.#hasPonged && this.#missed >= MISSED_PONGS) return 'dead';
    this.#awaitsPong = true;
    this.#nextPing = this.#beat + this.pingSeconds;
    return 'ping';
  }
}
