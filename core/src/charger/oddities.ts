import type { StationActor } from './face.ts';

/** How often one kind is told to the station's actor, which stores what it is told. */
const AGAIN_SECONDS = 60;

/** What a station does that it should not: each time counted, once a minute told. */
export class Oddities {
  readonly #actor: StationActor;
  readonly #count: (kind: string) => void;
  #seconds = 0;
  #next: Map<string, number> | undefined;

  constructor(actor: StationActor, count: (kind: string) => void) {
    this.#actor = actor;
    this.#count = count;
  }

  tick(): void {
    this.#seconds += 1;
  }

  note(kind: string, detail: string): void {
    this.#count(kind);
    this.#next ??= new Map();
    if (this.#seconds < (this.#next.get(kind) ?? 0)) return;
    this.#next.set(kind, this.#seconds + AGAIN_SECONDS);
    this.#actor.noted(kind, detail);
  }
}
