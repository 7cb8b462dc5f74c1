import { crc32 } from 'node:zlib';

/**
 * A record of the journal: mark, length, CRC-32 over length and payload, payload. The mark is no UTF-8, so it occurs in no
 * payload of JSON, and what is readable behind a broken record is found again; a stretch of zeros is no record.
 */
const MARK = Buffer.from([0xfe, 0x50, 0x4a, 0xff]);
const HEAD_BYTES = 12;

export const frameOf = (payload: string): Buffer => {
  const bytes = Buffer.from(payload, 'utf8');
  const head = Buffer.alloc(HEAD_BYTES);
  MARK.copy(head);
  head.writeUInt32LE(bytes.length, 4);
  head.writeUInt32LE(crc32(bytes, crc32(head.subarray(4, 8))), 8);
  return Buffer.concat([head, bytes]);
};

export interface Scanned {
  readonly payloads: readonly string[];
  /** Where the last readable record ends. */
  readonly end: number;
  /** Bytes that are no record, with readable ones behind them. */
  readonly broken: boolean;
}

/** Every readable record, in order, and never one that was not written. */
export const scan = (bytes: Buffer): Scanned => {
  const payloads: string[] = [];
  let end = 0;
  let broken = false;
  let at = 0;
  while (at < bytes.length) {
    const payload = readableAt(bytes, at);
    if (payload === undefined) {
      at = bytes.indexOf(MARK, at + 1);
      if (at < 0) break;
      continue;
    }
    broken ||= at > end;
    payloads.push(payload.toString('utf8'));
    at += HEAD_BYTES + payload.length;
    end = at;
  }
  return { payloads, end, broken };
};

const readableAt = (bytes: Buffer, at: number): Buffer | undefined => {
  if (at + HEAD_BYTES > bytes.length || !bytes.subarray(at, at + 4).equals(MARK)) return undefined;
  const from = at + HEAD_BYTES;
  const length = bytes.readUInt32LE(at + 4);
  if (from + length > bytes.length) return undefined;
  const payload = bytes.subarray(from, from + length);
  return crc32(payload, crc32(bytes.subarray(at + 4, at + 8))) === bytes.readUInt32LE(at + 8) ? payload : undefined;
};
