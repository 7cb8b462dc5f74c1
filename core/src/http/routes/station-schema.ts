import { z } from '@plugga/kit';
import { registrationOf, type StationRecord } from '../../site/stations.ts';
import type { Alert } from '../../station/monitors.ts';
import type { EvseView } from '../../site/station-view.ts';
import { instantText } from '../openapi.ts';

const connector = z.object({
  connector: z.number().int(),
  connectorId: z.string(),
  code: z.string().openapi({ description: 'The QR code: /c/<code>' }),
  url: z.string(),
  type: z.string().nullable(),
  maxPowerW: z.number().nullable(),
  status: z.string().openapi({ example: 'available' }),
  statusAt: instantText.nullable(),
  error: z
    .object({ code: z.string(), info: z.string().optional(), vendorCode: z.string().optional() })
    .loose()
    .nullable(),
});
const evseSchema = z
  .object({
    evse: z.number().int(),
    evseId: z.string(),
    publicId: z.string().openapi({ example: 'SE*PLG*E7KQ2M4XB9T' }),
    location: z.string().nullable(),
    connectors: z.array(connector),
  })
  .openapi('StationEvse');

export const registration = z.enum(['accepted', 'pending', 'rejected']).openapi({
  description:
    'What its boot is answered. Pending: a station of 2.x may only be looked at and set up; it asks again, also when it is triggered to',
});

export const stationSchema = z
  .object({
    id: z.string(),
    identity: z.string(),
    location: z.string().nullable(),
    online: z.boolean(),
    disabled: z.boolean(),
    protocol: z.string().nullable(),
    lastSeenAt: instantText.nullable(),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    firmware: z.string().nullable(),
    serial: z.string().nullable(),
    timeZone: z.string().nullable(),
    defaultProtocol: z.string().nullable(),
    quiet: z.boolean(),
    registration,
    template: z.string().nullable().openapi({ description: 'Its device template' }),
    bootedAt: instantText.nullable(),
    credentials: z.object({
      securityProfile: z.number().int(),
      hasKey: z.boolean(),
      allowInsecure: z.boolean().openapi({ description: 'May come without a key (security profile 0)' }),
    }),
    evses: z.array(evseSchema),
    createdAt: instantText,
  })
  .openapi('Station');

export const variableSchema = z.object({
  name: z.string(),
  value: z.string().nullable(),
  readonly: z.boolean(),
  mutability: z
    .string()
    .nullable()
    .openapi({ description: '2.x, where a report has told: readOnly, writeOnly, readWrite' }),
  characteristics: z
    .object({
      dataType: z.string(),
      unit: z.string().optional(),
      values: z.array(z.string()).optional(),
      min: z.number().optional(),
      max: z.number().optional(),
      monitored: z.boolean().openapi({ description: 'It can be given a monitor' }),
    })
    .nullable()
    .openapi({ description: '2.x, where a report has told' }),
  updatedAt: instantText,
});

/** What somebody is to look at. */
export const alertSchema = z.object({
  variable: z.string(),
  value: z.string().nullable(),
  severity: z.number().int().nullable().openapi({ description: '0 is danger, 3 critical' }),
  monitor: z.number().int().nullable(),
  code: z.string().nullable(),
  info: z.string().nullable(),
  since: instantText,
});
export const alertShown = ({ variable, value, severity, monitor, code, info, since }: Alert) => ({
  ...{ variable, value: value ?? null, severity: severity ?? null, monitor: monitor ?? null },
  ...{ code: code ?? null, info: info ?? null, since },
});

export const stationShown = (
  station: StationRecord,
  evses: readonly EvseView[],
  publicUrl: string,
): z.output<typeof stationSchema> => ({
  id: station.id,
  identity: station.identity,
  location: station.location,
  online: station.online,
  disabled: station.disabled,
  protocol: station.protocol,
  lastSeenAt: station.last_seen_at?.toISOString() ?? null,
  vendor: station.vendor,
  model: station.model,
  firmware: station.firmware,
  serial: station.serial,
  timeZone: station.time_zone,
  defaultProtocol: station.default_protocol,
  quiet: station.quiet,
  registration: registrationOf(station),
  template: station.template,
  bootedAt: station.booted_at?.toISOString() ?? null,
  credentials: {
    securityProfile: station.security_profile,
    hasKey: station.key_hash !== null,
    allowInsecure: station.allow_insecure,
  },
  evses: evses.map((evse) => ({
    ...evse,
    connectors: evse.connectors.map((it) => ({ ...it, url: `${publicUrl}/c/${it.code}` })),
  })),
  createdAt: station.created_at.toISOString(),
});
