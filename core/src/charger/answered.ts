import { crc32 } from 'node:zlib';
import type { MessageId } from './ocppj.ts';

/** One CALL of this connection and the answer that it got or will get. */
export interface Asked {
  readonly id: MessageId;
  readonly length: number;
  readonly checksum: number;
  answer: string | undefined;
  /** How often it was asked again before it was answered. */
  again: number;
}

/** Enough for a station that pipelines; a repetition comes right after the original. */
const REMEMBERED = 8;

/**
 * The newest CALLs of a connection: the same id with the same bytes is the same message and gets the same answer. Frames are
 * told apart by length and CRC-32, which no change within 32 bits escapes, so that none has to be kept.
 */
export class Answered {
  #asked: Asked[] = [];

  /** The earlier CALL of that id, and whether it was this very frame. */
  find(id: MessageId, frame: Uint8Array): { readonly asked: Asked; readonly same: boolean } | undefined {
    const asked = this.#asked.find((it) => it.id === id);
    if (asked === undefined) return undefined;
    return { asked, same: asked.length === frame.length && asked.checksum === crc32(frame) };
  }

  add(id: MessageId, frame: Uint8Array): Asked {
    const asked: Asked = { id, length: frame.length, checksum: crc32(frame), answer: undefined, again: 0 };
    // The newest first: of two CALLs with one id, the later one is meant.
    this.#asked.unshift(asked);
    if (this.#asked.length > REMEMBERED) this.#asked.pop();
    return asked;
  }

  /** It was not answered; when it comes again it is new. */
  drop(asked: Asked): void {
    this.#asked = this.#asked.filter((it) => it !== asked);
  }

  clear(): void {
    this.#asked = this.#asked.filter((it) => it.answer === undefined);
  }
}
