import type { Alert, Cdr, Connector, Evse, Plugin, Station } from '../api/types.ts';

export const aConnector = (o: Partial<Connector>): Connector => ({
  connector: 1,
  connectorId: 'connector',
  code: 'ABCD2345',
  type: null,
  maxPowerW: null,
  status: 'available',
  statusAt: null,
  error: null,
  url: '/c/ABCD2345',
  ...o,
});

export const anEvse = (o: Partial<Evse>): Evse => ({
  evse: 1,
  evseId: 'evse',
  publicId: 'SE*PLG*E1',
  location: null,
  connectors: [aConnector({})],
  ...o,
});

/** A station with one EVSE for each status. */
export const aStation = ({
  statuses = ['available'],
  ...o
}: Partial<Station> & { readonly statuses?: readonly string[] }): Station => ({
  id: 'station',
  identity: 'CP-1',
  location: null,
  online: true,
  disabled: false,
  protocol: 'ocpp1.6',
  lastSeenAt: null,
  vendor: null,
  model: null,
  firmware: null,
  serial: null,
  timeZone: null,
  defaultProtocol: null,
  quiet: false,
  registration: 'accepted',
  template: null,
  bootedAt: null,
  credentials: { securityProfile: 1, hasKey: true, allowInsecure: false },
  createdAt: '2026-01-01T12:00:00.000Z',
  evses: statuses.map((status, index) => anEvse({ evse: index + 1, connectors: [aConnector({ status })] })),
  ...o,
});

export const aPlugin = (o: Partial<Plugin>): Plugin => ({
  name: 'tariffs',
  version: '1.0.0',
  state: 'running',
  reason: null,
  lag: 0,
  parked: 0,
  waitsFor: null,
  work: { waiting: 0, failed: 0 },
  lastError: null,
  needs: [],
  offers: [],
  emits: [],
  pausedQuestions: [],
  ...o,
});

export const aHeldCdr = (o: Partial<Cdr>): Cdr => ({
  id: 'cdr',
  session: 'session',
  status: 'held',
  heldReasons: ['unmetered'],
  offer: 'standard@1',
  energyWh: 0,
  startedAt: '2026-01-31T12:00:00.000Z',
  endedAt: '2026-01-31T13:00:00.000Z',
  createdAt: '2026-01-31T13:00:00.000Z',
  ...o,
});

export const anAlert = (o: Partial<Alert>): Alert => ({
  variable: 'EVSE/Temperature@1',
  value: '81',
  severity: 2,
  monitor: 4,
  code: null,
  info: null,
  since: '2026-01-31T11:00:00.000Z',
  ...o,
});
