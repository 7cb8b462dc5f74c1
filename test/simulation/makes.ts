import { type Personality, personalityOf } from '@plugga/simulator';
import type { Asked, MixedMake } from '@plugga/testing';

/** By default it is taken as it is, and billed as any other. */
type Expected = Omit<MixedMake, 'make' | 'quirks' | 'billed'> & Partial<Pick<MixedMake, 'quirks' | 'billed'>>;

const limit: Asked = { name: 'limit', payload: { amperes: 11 } };
/** At a level that some makes do not take. */
const profile: Asked = {
  name: 'setProfile',
  payload: {
    profile: {
      ...{ id: 7, purpose: 'txDefault', stackLevel: 2, kind: 'relative' },
      schedule: { unit: 'A', periods: [{ start: 0, limit: 16 }] },
    },
  },
};
const remoteStart: Asked = { name: 'start', payload: { evse: 1, token: 0 } };
const cancel: Asked = { name: 'cancelReservation', payload: { reservation: 1 } };
const read: Asked = { name: 'readVariables', payload: {} };
const write = (values: Readonly<Record<string, string>>): Asked => ({ name: 'writeVariables', payload: { values } });
/** Readings name the transaction: it is there that these deviate. */
const named = { namesTransaction: true } as const;

/** What is mixed into the simulation: makes of the simulator, and what must come of each. */
const MIXED: Readonly<Record<string, Expected>> = {
  'abb-terra-ac': { rows: '19, 20', quirks: ['abb-terra-ac-stack-level'], asked: [profile] },
  'abb-terra-ac-old': {
    rows: '18, 19, 20',
    quirks: ['abb-terra-ac-measurands', 'abb-terra-ac-stack-level'],
    asked: [profile, read, write({ MeterValuesSampledData: 'Energy.Active.Import.Register,SoC' })],
  },
  'aefa-home': { rows: '8', quirks: ['aefa-empty-transaction-id'], timeZone: 'UTC', manners: named },
  'alfen-eve': { rows: '12', manners: named },
  'amperfied-connect': { rows: '54', quirks: ['amperfied-no-smart-charging'], asked: [limit] },
  'autel-maxicharger': { rows: '23', asked: [limit] },
  'available-first': { rows: '45' },
  'beny-bcp': { rows: '9', quirks: ['beny-leading-comma'] },
  chago: { rows: '16' },
  'charge-amps-halo': { rows: '6', quirks: ['charge-amps-hz'] },
  charx: { rows: '34', quirks: ['phoenix-contact-remote-start'], asked: [remoteStart] },
  easee: { rows: '53', quirks: ['easee-meter-interval'], asked: [write({ MeterValueSampleInterval: '10' })] },
  enplus: {
    rows: '48',
    quirks: ['enplus-change-availability'],
    asked: [{ name: 'availability', payload: { operative: true } }],
  },
  'evbox-elvi': { rows: '25', quirks: ['evbox-elvi-profiles-and-measurands'], asked: [limit] },
  'evbox-older': { rows: '26', quirks: ['evbox-station-limit'], asked: [limit] },
  'foxess-201': { rows: '58', quirks: ['foxess-201-half-of-16'], asked: [limit] },
  'go-e': { rows: '36, 40', manners: { noId: -1 } },
  'grizzl-e': { rows: '10', quirks: ['grizzl-e-cut-answers'], asked: [limit] },
  'growatt-thor': { rows: '15', quirks: ['growatt-local-time'], timeZone: 'Africa/Johannesburg' },
  'half-open': { rows: '56' },
  'huawei-scharger': { rows: '2, 3, 4', quirks: ['huawei-single-meter-value'], asked: [limit] },
  'keba-group': {
    rows: '27, 28, 29',
    quirks: ['keba-group-tokens-and-limit'],
    asked: [limit],
    manners: { stopNamesToken: true },
  },
  'kwh-half-said': { rows: '1.2: VCP' },
  'kwh-unsaid': { rows: '1.2: VCP', registerWh: 700_000 },
  'latest-first-201': { rows: '1.2: latest first' },
  'legrand-green-up': { rows: '5' },
  // Without a stop the differences of its readings are what was charged.
  'lifetime-start': { rows: '42', billed: ['registerFell'], fairWith: 'mixedRegisters' },
  'lower-case-keys': { rows: '31, 32', asked: [read, limit] },
  'mennekes-smart': { rows: '30', quirks: ['mennekes-quoted-lists'], asked: [read] },
  'micro-ocpp': { rows: '17; 1.2: MicroOcpp' },
  'micro-ocpp-201': { rows: '1.2: MicroOcpp 2.0.1' },
  'necharge-pro': { rows: '52', quirks: ['necharge-current-steps'], asked: [limit] },
  'no-connector-201': { rows: '1.2: no connector' },
  'null-stops': { rows: '39', manners: { noId: null } },
  'open-ocpp': { rows: '1.2: open-ocpp' },
  openevse: { rows: '41', quirks: ['openevse-kwh-as-wh'], billed: ['inexactMeter'] },
  // Twice, then it has taught not to be pinged; before, nothing could be concluded from its silence.
  'ping-averse': { rows: '57' },
  'project-ev': { rows: '55', asked: [{ name: 'trigger', payload: { message: 'meterValues', evse: 1 } }] },
  'sap-abb': { rows: '1.2: SAP ABB' },
  'sap-keba-201': { rows: '1.2: SAP Keba 2.0.1' },
  'schneider-evb': { rows: '43', registerWh: 700_000 },
  'schneider-evlink': { rows: '1' },
  'schneider-summed': { rows: '44', quirks: ['schneider-summed-current'] },
  'session-registers': { rows: '42' },
  'shiv3-201': { rows: '1.2: shiv3' },
  'shiv3-21': { rows: '1.2: shiv3' },
  'single-connector': { rows: '49', asked: [limit] },
  'status-replay-201': { rows: '1.2: status replay' },
  syncev: { rows: '33' },
  'tellus-power': { rows: '61', billed: ['estimatedStart'] },
  'timxon-a0': { rows: '24', quirks: ['timxon-tx-default-only'], asked: [limit] },
  'tkt-ev': { rows: '38', manners: { noId: 0 } },
  vcp: { rows: '1.2: VCP 1.6' },
  'vcp-201': { rows: '1.2: VCP 2.0.1', quirks: ['vcp-dies-at-unknown-action'], asked: [cancel] },
  'vcp-21': { rows: '1.2: VCP 2.1', quirks: ['vcp-dies-at-unknown-action'], asked: [cancel] },
  'wallbox-pulsar-5': { rows: '21', quirks: ['wallbox-stack-level'], asked: [profile] },
  'wallbox-pulsar-6': { rows: '22', quirks: ['wallbox-6-relative-and-silence'], asked: [limit] },
};

/** Quirks that no make can set off, and why. */
export const idle: Readonly<Record<string, string>> = {
  'autel-max-profile-absolute': 'a maximum of the whole station is never sent as a relative one',
};

/** Makes that are not mixed in, and why. */
export const left: Readonly<Record<string, string>> = {
  'foxess-a': 'it is told to leave: what it says is of another version than it offered',
  'many-subprotocols': 'it differs in its handshake alone, which this simulation does not have',
  'never-boots': 'it sends nothing at all',
};

export const makes: readonly MixedMake[] = Object.entries(MIXED).map(([id, expected]) => {
  const make: Personality = personalityOf(id);
  return { quirks: [], billed: 'fair', ...expected, make };
});
