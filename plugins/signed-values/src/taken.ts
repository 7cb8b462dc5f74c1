import { createHash } from 'node:crypto';
import { type DataOf, type Logged, type Recorded, type SessionId, sessionMetered, type StationId } from '@plugga/kit';
import { openEnvelope } from './envelope.ts';
import { readOcmf } from './ocmf.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';

/** A signed value as it came, and what it says of itself. */
export interface Taken {
  readonly session: SessionId;
  readonly station: StationId | undefined;
  readonly value: string;
  readonly sha256: string;
  readonly format: string;
  readonly context: string | undefined;
  readonly meter: string | undefined;
  readonly at: string;
  readonly position: string;
  readonly receivedAt: number;
  /** The key that stood beside it: told, not trusted. */
  readonly told: PublicKey | undefined;
}

type Sampled = readonly { readonly samples?: readonly { readonly signed?: string }[] }[];

/** Most meter values are not signed: told from the event as it was logged, so that nothing is done for them. */
export const isOfInterest = ({ type, data }: Logged): boolean =>
  type !== sessionMetered.type ||
  (data as { readonly readings: Sampled }).readings.some(({ samples }) =>
    samples?.some(({ signed }) => (signed ?? '') !== ''),
  );

/** The signed values of one message about a session. */
export const signedIn = (event: Recorded<typeof sessionMetered>): readonly Taken[] => {
  const { session, station, receivedAt } = event;
  const position = event.position.toString();
  if (session === undefined) return [];
  return (event.data as DataOf<typeof sessionMetered>).readings.flatMap(({ time, samples }) =>
    samples.flatMap(({ signed, signedAs, context }) => {
      if (signed === undefined || signed === '') return [];
      const { format, text, publicKey } = openEnvelope(signed, signedAs);
      const read = format === 'OCMF' ? readOcmf(text) : undefined;
      const told = publicKey === undefined ? undefined : readPublicKey(publicKey);
      return {
        ...{ session, station, value: signed, format, context, at: time, position, receivedAt },
        sha256: createHash('sha256').update(signed, 'utf8').digest('hex'),
        meter: read?.ok ? read.record.meter?.slice(0, 100) : undefined,
        told: told?.ok ? told.key : undefined,
      };
    }),
  );
};
