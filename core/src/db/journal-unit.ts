import type { NewEvent, Unit } from '../ports.ts';

/** A unit as the journal keeps it: the very unit that PostgreSQL would have got, its raw frame as base64. */
export const textOfUnit = (unit: Unit): string => {
  try {
    return written(unit);
  } catch (error) {
    // A unit that is no JSON cannot be stored anywhere. Kept like this PostgreSQL refuses it too when the journal is drained,
    // and it goes to quarantine with its raw frame, as it would have gone at once.
    const [event] = unit.events;
    const refused = { ...event, id: `${unit.id}-refused`, data: `\0 no JSON: ${String(error)}` } as NewEvent;
    return written({ ...unit, events: [refused], sessions: [], stationState: undefined, due: [], dueGone: [] });
  }
};

const written = (unit: Unit): string =>
  JSON.stringify({ unit: unit.raw === undefined ? unit : { ...unit, raw: Buffer.from(unit.raw).toString('base64') } });

/** Undefined for a record that is no unit: a header, a test of the disk. */
export const unitOfText = (text: string): Unit | undefined => {
  const { unit } = JSON.parse(text) as { unit?: Omit<Unit, 'raw'> & { raw?: string } };
  if (unit === undefined) return undefined;
  const { raw, ...rest } = unit;
  return raw === undefined ? rest : { ...rest, raw: Buffer.from(raw, 'base64') };
};
