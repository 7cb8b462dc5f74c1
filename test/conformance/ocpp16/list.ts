/** The 77 cases for a CSMS of OCPP 1.6, by their public ids, and what each is about. */
export interface Listed {
  readonly id: string;
  readonly about: string;
  readonly group: string;
}

const group = (name: string, cases: Readonly<Record<string, string>>): readonly Listed[] =>
  Object.entries(cases).map(([id, about]) => ({ id: id.slice(1), about, group: name }));

// Ids begin with a letter so that they stay in the order in which they are written.
export const list: readonly Listed[] = [
  ...group('Boot and session', {
    t001: 'cold boot',
    t003: 'a session, cable first',
    t004_1: 'a session, identification first',
    t004_2: 'identification first, no cable in time',
    t005_1: 'unplugged at the car',
    t007: 'a session with a token of the cache',
  }),
  ...group('Remote', {
    t010: 'remote start, cable first',
    t011_1: 'remote start first',
    t011_2: 'remote start, no cable in time',
    t012: 'remote stop',
    t026: 'remote start refused',
    t028: 'remote stop refused',
  }),
  ...group('Reset and unlock', {
    t013: 'hard reset',
    t014: 'soft reset',
    t017_1: 'unlock without a transaction, loose cable',
    t017_2: 'unlock without a transaction, fixed cable',
    t018_1: 'unlock while charging',
    t030: 'unlock fails',
    t031: 'unlock an unknown connector',
  }),
  ...group('Configuration and cache', {
    t019_1: 'all configuration keys',
    t019_2: 'one configuration key',
    t021: 'change of a key',
    t040_1: 'a key that is not supported',
    t040_2: 'a value that is refused',
    t061: 'clear the cache',
    t064: 'data transfer to the CSMS',
  }),
  ...group('Authorisation', {
    t023_1: 'unknown token',
    t023_2: 'expired token',
    t023_3: 'blocked token',
    t024: 'the connector does not lock',
  }),
  ...group('Power and offline', {
    t032_1: 'power failure, transactions are stopped',
    t037_1: 'started offline, valid token',
    t037_3: 'started offline, invalid token',
    t039: 'a whole transaction offline',
  }),
  ...group('Local list', {
    t042_1: 'version, not supported',
    t042_2: 'version of an empty list',
    t043_1: 'list not supported',
    t043_3: 'list fails',
    t043_4: 'full list',
    t043_5: 'differential list',
  }),
  ...group('Firmware and diagnostics', {
    t044_1: 'download and install',
    t044_2: 'download fails',
    t044_3: 'installation fails',
    t045_1: 'diagnostics',
    t045_2: 'upload of diagnostics fails',
  }),
  ...group('Reservation', {
    t046: 'of a connector',
    t047: 'expires',
    t048_1: 'refused: faulted',
    t048_2: 'refused: occupied',
    t048_3: 'refused: unavailable',
    t048_4: 'refused: rejected',
    t049: 'of the whole station',
    t051: 'cancelled',
    t052: 'cancellation refused',
    t053: 'used by another token of the group',
  }),
  ...group('Trigger', {
    t054: 'each message that can be asked for',
    t055: 'refused',
  }),
  ...group('Smart charging', {
    t056: 'TxDefaultProfile',
    t057: 'TxProfile',
    t059: 'remote start with a profile',
    t066: 'composite schedule',
    t067: 'clear profiles',
  }),
  ...group('Security', {
    t073: 'new password',
    t074: 'certificate of the station signed, RSA and ECDSA',
    t075_1: 'root certificate of the manufacturer',
    t075_2: 'root certificate of the CSMS',
    t076: 'certificate deleted',
    t077: 'event: invalid certificate of the station',
    t078: 'event: invalid certificate of the CSMS',
    t079: 'security log',
    t080: 'signed firmware',
    t081: 'signed firmware, invalid signature',
    t083: 'higher security profile',
    t085: 'basic authentication',
    t086: 'TLS, certificate of the CSMS',
    t087: 'TLS, certificate of the station',
    t088: 'subprotocol',
  }),
];
