export type Pulse = 'well' | 'ping' | 'dead';

/** Nothing that was not asked for is sent to a station that has just connected. */
const QUIET_SECONDS = 30;
const PING_SECONDS = 20;
const MISSED_PONGS = 2;
const SILENT_HEARTBEATS = 2.5;
/** A line that its station ends this soon after a ping was ended for it. */
const DROP_SECONDS = 2;
const STOOD_SECONDS = 5;

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
  /** When the last ping was sent, as long as no pong came. */
  #pingedAt: number | undefined;
  #stood: 'no' | 'yes' | 'told' = 'no';
  #missed = 0;
  #hasPonged = false;

  constructor(heartbeatSeconds: number) {
    this.heartbeatSeconds = heartbeatSeconds;
  }

  get beat(): number {
    return this.#beat;
  }

  /** It has ended the line: true where that was its answer to a ping. */
  droppedAtPing(): boolean {
    return this.#pingedAt !== undefined && this.#beat - this.#pingedAt <= DROP_SECONDS;
  }

  /** True once, when it has lived on after a ping: whether or not it answered, pings do it no harm. */
  stoodPing(): boolean {
    if (this.#stood === 'no' && this.#pingedAt !== undefined && this.#beat - this.#pingedAt > STOOD_SECONDS)
      this.#stood = 'yes';
    if (this.#stood !== 'yes') return false;
    this.#stood = 'told';
    return true;
  }

  heard(): void {
    this.#heardAt = this.#beat;
    this.#awaitsPong = false;
    this.#missed = 0;
  }

  ponged(): void {
    this.#hasPonged = true;
    this.#pingedAt = undefined;
    if (this.#stood === 'no') this.#stood = 'yes';
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
    this.#pingedAt = this.#beat;
    this.#nextPing = this.#beat + this.pingSeconds;
    return 'ping';
  }
}
