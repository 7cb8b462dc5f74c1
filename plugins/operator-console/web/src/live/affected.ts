/** First words of query keys: what is read again when something happens. */
export type Topic =
  | 'stations'
  | 'alerts'
  | 'notes'
  | 'sessions'
  | 'bills'
  | 'commands'
  | 'plugins'
  | 'audit'
  | 'knocking'
  | 'locations'
  | 'tokens';

const byPrefix: readonly (readonly [prefix: string, topics: readonly Topic[]])[] = [
  ['session.', ['sessions']],
  ['transaction.', ['sessions']],
  ['station.metered', []],
  ['firmware.', ['commands']],
  ['station.noted', ['notes']],
  ['station.monitorsChanged', ['stations', 'alerts']],
  ['station.', ['stations']],
  ['connector.', ['stations']],
  ['device.', ['stations', 'alerts']],
  ['command.', ['commands']],
  ['invoice.', ['bills']],
  ['cdr.', ['bills']],
  ['revenue.', ['bills']],
];

/** What an event of that type makes stale. */
export const affectedBy = (type: string): readonly Topic[] =>
  byPrefix.find(([prefix]) => type.startsWith(prefix))?.[1] ?? [];
