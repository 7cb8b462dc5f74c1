import { hash } from 'node:crypto';

/** Rows of COPY in text form, as they pass: how many, how many bytes, and a digest that does not depend on their order. */
export interface RowCount {
  readonly rows: number;
  readonly bytes: number;
  /** The sum, modulo 2^128, of the first half of each row's SHA-256; hexadecimal. */
  readonly digest: string;
}

const newline = 10;
const mask = (1n << 64n) - 1n;

/** COPY writes a newline inside a value as an escape, so a newline ends a row wherever the pieces are cut. */
export function countRows(): {
  add(piece: Buffer): void;
  soFar(): Pick<RowCount, 'rows' | 'bytes'>;
  /** Once, at the end. */
  result(): RowCount;
} {
  let [rows, bytes, high, low] = [0, 0, 0n, 0n];
  let begun: Buffer[] = [];
  const row = (text: Buffer): void => {
    rows += 1;
    const digest = hash('sha256', text, 'buffer');
    low += digest.readBigUInt64BE(8);
    high = (high + digest.readBigUInt64BE(0) + (low >> 64n)) & mask;
    low &= mask;
  };
  return {
    add(piece) {
      bytes += piece.length;
      let from = 0;
      for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
        const last = piece.subarray(from, end);
        row(begun.length === 0 ? last : Buffer.concat([...begun, last]));
        begun = [];
        from = end + 1;
      }
      if (from < piece.length) begun.push(piece.subarray(from));
    },
    soFar: () => ({ rows, bytes }),
    result() {
      if (begun.length > 0) row(Buffer.concat(begun));
      begun = [];
      return { rows, bytes, digest: ((high << 64n) | low).toString(16).padStart(32, '0') };
    },
  };
}
