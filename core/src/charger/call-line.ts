import { instant, type Answer, type Call, type Instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';

interface Waiting {
  readonly id: string;
  readonly call: Call;
  /** In beats: waiting in line counts, so that whoever called knows when to give up. */
  readonly until: number;
  readonly seconds: number;
  readonly done: (answer: Answer) => void;
}

/** Ids whose time was over, to tell a late answer from a foreign one. */
const REMEMBERED = 8;

/** Our CALLs to one station: one is outstanding, the others wait in line (OCPP-J 1.6 section 4.1.1, 2.0.1 Part 4 section 4.1.1). */
export class CallLine {
  readonly #clock: Clock;
  /** Puts it on the wire; false when that is not possible any more. */
  readonly #send: (id: string, call: Call) => boolean;
  /** It has the wire until it is answered, or its whole time has passed since it was sent: longer than its caller waits. */
  #outstanding: (Waiting & { readonly freeAt: number; told: boolean }) | undefined;
  #line: Waiting[] = [];
  #late: string[] = [];
  #beat = 0;
  #sentAt: Instant | undefined;
  #cancelSpacing: (() => void) | undefined;
  spacingMs = 0;

  constructor(clock: Clock, send: (id: string, call: Call) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  add(id: string, call: Call, o: { readonly beat: number; readonly seconds: number }): Promise<Answer> {
    this.#beat = o.beat;
    return new Promise((done) => {
      this.#line.push({ id, call, until: o.beat + o.seconds, seconds: o.seconds, done });
      this.#next();
    });
  }

  /** `late`: its time was over before. `unknown`: nothing of ours, or answered before. */
  answered(id: string, answer: Answer): 'taken' | 'late' | 'unknown' {
    const asked = this.#outstanding;
    if (asked?.id !== id) return this.#late.includes(id) ? 'late' : 'unknown';
    this.#outstanding = undefined;
    if (!asked.told) asked.done(answer);
    this.#next();
    return asked.told ? 'late' : 'taken';
  }

  tick(beat: number): void {
    this.#beat = beat;
    const asked = this.#outstanding;
    if (asked !== undefined && beat > asked.until && !asked.told) {
      asked.told = true;
      asked.done({ kind: 'timeout' });
    }
    if (asked !== undefined && beat > asked.freeAt) {
      this.#outstanding = undefined;
      this.#late = [asked.id, ...this.#late].slice(0, REMEMBERED);
    }
    if (this.#line.length === 0) return;
    const over = this.#line.filter((waiting) => beat > waiting.until);
    if (over.length > 0) this.#line = this.#line.filter((waiting) => beat <= waiting.until);
    for (const waiting of over) waiting.done({ kind: 'timeout' });
    this.#next();
  }

  /** `dropped`: the station ended the connection. */
  close(dropped = false): void {
    this.#cancelSpacing?.();
    const asked = this.#outstanding;
    const afterMs = this.#clock.now() - (this.#sentAt ?? 0);
    if (dropped && asked !== undefined && !asked.told) {
      this.#outstanding = undefined;
      asked.done({ kind: 'closed', droppedAfterMs: afterMs });
    }
    const all = [...(this.#outstanding === undefined ? [] : [this.#outstanding]), ...this.#line];
    this.#outstanding = undefined;
    this.#line = [];
    for (const waiting of all) waiting.done({ kind: 'closed' });
  }

  #next(): void {
    if (this.#outstanding !== undefined || this.#line.length === 0 || this.#cancelSpacing !== undefined) return;
    const now = this.#clock.now();
    const from = (this.#sentAt ?? -Infinity) + this.spacingMs;
    if (this.spacingMs > 0 && from > now) {
      this.#cancelSpacing = this.#clock.at(instant(from), () => {
        this.#cancelSpacing = undefined;
        this.#next();
      });
      return;
    }
    const first = this.#line.shift() as Waiting;
    this.#outstanding = { ...first, freeAt: this.#beat + first.seconds, told: false };
    this.#sentAt = now;
    if (this.#send(first.id, first.call)) return;
    this.#outstanding = undefined;
    first.done({ kind: 'closed' });
    this.#next();
  }
}
