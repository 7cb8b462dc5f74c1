import type { TellingWorld, Telling } from './dialect.ts';
import type { Charge } from './ledger.ts';
import type { Entry } from './outbox.ts';

interface Retelling extends Pick<Telling, 'again' | 'startsAgain'> {
  /** What was answered, with a time to be believed: some stations tell it again, hours later. */
  readonly told: Entry[];
  /** How the start of what charges was told. */
  readonly starts: Map<Charge, Entry>;
}

/** What is told once more, whatever the version: the same message, whose answer changes nothing. */
export function retelling({ out, chance }: Pick<TellingWorld, 'out' | 'chance'>): Retelling {
  const told: Entry[] = [];
  const starts = new Map<Charge, Entry>();
  const retell = (entry: Entry): void => out.say({ ...entry, answered: () => undefined, tries: 0 });
  return {
    told,
    starts,
    startsAgain: () => {
      for (const entry of starts.values()) retell(entry);
    },
    again: () => {
      if (told.length === 0) return undefined;
      const entry = chance.pick(told);
      retell(entry);
      return entry.action;
    },
  };
}
