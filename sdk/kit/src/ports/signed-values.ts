import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { definePort, type Tx } from '../plugin.ts';

/** Why a signed record, or all that a session has of them, proves nothing or proves the opposite. Codes are stable. */
export const signedReason = z.object({
  code: z.enum([
    // Nothing could be checked.
    'no-key',
    'unknown-format',
    'unknown-algorithm',
    'unreadable',
    // It was checked, and it is not so.
    'tampered',
    'wrong-key',
    'begin-missing',
    'end-missing',
    'other-meter',
    'other-session',
    'energy-differs',
    'counter-gap',
    'clock',
    'meter-status',
    'error-flags',
  ]),
  /** What and which, for the operator. */
  detail: z.string().optional(),
});
export type SignedReason = z.output<typeof signedReason>;

export const signedResult = z.enum(['verified', 'failed', 'unverified', 'none']);
export type SignedResult = z.output<typeof signedResult>;

/** What is said of the signed records of a closing; the bytes themselves stay where they are kept. */
const verdict = z.object({
  /** `verified`: begin and end are signed by a trusted key of one meter and say what is billed. `unverified`: nothing could be checked. `none`: there is no signed record. */
  result: signedResult,
  /** Of the records: `OCMF`, or the name of a format that is kept but not read. Absent where there is none. */
  format: z.string().optional(),
  records: z.array(
    z.object({
      id: z.string(),
      format: z.string(),
      /** SHA-256 of the record as the station sent it, hexadecimal: what a receipt refers to. */
      sha256: z.string(),
      context: z.string().optional(),
      meter: z.string().optional(),
      result: signedResult.exclude(['none']),
      reasons: z.array(signedReason),
    }),
  ),
  reasons: z.array(signedReason),
  /** Serial number of the meter that signed begin and end. */
  meter: z.string().optional(),
  /** Between begin and end as signed, where they are. */
  energyWh: z.number().int().optional(),
  /** The id of the session.closed or session.corrected that this is about. */
  closing: z.string(),
});
export type SignedVerdict = z.output<typeof verdict>;

/** Of each closing that has a CDR, once, and again when a key that was missing is registered. */
export const sessionVerified = defineEvent({ type: 'session.verified', v: 1, data: verdict });

/** Signed meter values. Offered by one plugin; needing it also means that it has judged a closing before its price comes. */
export interface SignedValues {
  /** By the ids of closings; without those that were never judged. */
  verdictsOn(tx: Tx, closings: readonly string[]): Promise<ReadonlyMap<string, SignedVerdict>>;
}
export const SignedValues = definePort<SignedValues>()('signed-values', { optional: true });

/** Why a closing under a calibration-law tariff is held; undefined where it may be billed. Nobody to ask holds it too. */
export function heldUnsigned(verdict: SignedVerdict | undefined): string | undefined {
  if (verdict?.result === 'verified') return undefined;
  if (verdict === undefined) return 'signedValues: not judged';
  const codes = [...new Set(verdict.reasons.map(({ code }) => code))].join(', ');
  return `signedValues: ${verdict.result}${codes === '' ? '' : ` (${codes})`}`;
}
