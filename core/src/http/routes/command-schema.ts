import { z } from '@plugga/kit';
import { displayMessage } from './display-schema.ts';
import { newMonitor, severity } from './monitor-schema.ts';
import { networkProfile, slot } from './network-schema.ts';
import { chargingProfile, profilePurpose, setpoints } from './profile-schema.ts';

const where = { evse: z.number().int().min(1).optional(), connector: z.number().int().min(1).optional() };
const anywhere = { evse: z.number().int().min(0).optional(), connector: z.number().int().min(0).optional() };
const power = z.number().min(0).max(10_000_000).nullable().optional();
const token = z.string().min(1).max(255).openapi({ description: "A token's id or whole value" });
const instant = z.iso.datetime();
/** Digits of what OCPP counts in 32 bits. */
const number32 = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** What stations fetch from or send to. What has a host that is inside our own network is the operator's to decide. */
const target = z
  .string()
  .max(512)
  .regex(/^(https?|ftps?|sftp):\/\/[^\s]+$/i, 'a URL of http, https, ftp, ftps or sftp');
const pem = (most: number) => z.string().min(1).max(most).includes('-----BEGIN CERTIFICATE-----');
const attempts = { retries: z.number().int().min(0).max(100).optional(), retrySeconds: number32.optional() };
const period = { from: instant.optional(), until: instant.optional() };
const transaction = z.string().min(1).max(36).openapi({ description: "The station's id of it" });
const evseOrAll = z.number().int().min(0).default(0).openapi({ description: '0 is all EVSEs of the station' });
const tariffId = z
  .string()
  .max(36)
  .optional()
  .openapi({ description: 'The id of a tariff; the one in force there when left out' });
const derId = z.string().min(1).max(36);
const derControl = z.string().min(1).max(50).openapi({ description: "OCPP's word: VoltWatt, FreqDroop" });
const certificateUse = z
  .enum(['csmsRoot', 'manufacturerRoot', 'v2gRoot', 'moRoot', 'oemRoot', 'v2gChain'])
  .openapi({ description: 'The first two in 1.6; `oemRoot` in 2.1; `v2gChain` is listed, not installed' });
const checksum = z
  .string()
  .regex(/^[0-9a-f]{32}$/i, 'an MD5 in hexadecimal')
  .openapi({ description: 'MD5 of the image' });
const hex = z
  .string()
  .max(128)
  .regex(/^[0-9a-f]+$/i, 'hexadecimal');

const componentNames = z
  .array(z.string().min(1).max(500))
  .max(500)
  .openapi({ description: 'Components, `Component[.instance][@evse[.connector]]`, or variables of theirs' });

/** What can be asked of a station in neutral words; its adapter says it in the station's dialect. */
/** By the one or by the other. */
const certificateHash = z.strictObject({
  algorithm: z.enum(['SHA256', 'SHA384', 'SHA512']),
  issuerNameHash: hex,
  issuerKeyHash: hex,
  serialNumber: hex.max(40),
});
const driver = {
  token: token.optional(),
  customer: z.string().min(1).max(64).optional().openapi({ description: "The operator's own word for the driver" }),
  certificate: certificateHash.optional().openapi({ description: 'Of the contract by which the driver charges' }),
};

export const commandAsked = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('start'),
      ...where,
      token,
      reference: z.string().max(255).optional(),
      channel: z.enum(['adhoc', 'app', 'partner', 'operator']).optional().openapi({
        description: 'By what way it is asked for; `adhoc`, a driver without a contract, must name an offer',
      }),
      offer: z.string().max(64).optional().openapi({ description: 'The price that was shown and agreed to' }),
      profile: chargingProfile
        .optional()
        .openapi({ description: 'Of purpose `tx`, for the transaction that it starts' }),
    }),
    z.strictObject({
      type: z.literal('stop'),
      session: z.string().optional(),
      transactionId: z.string().optional().openapi({ description: 'Instead of the session' }),
    }),
    z.strictObject({
      type: z.literal('transactionStatus'),
      transaction: transaction.optional().openapi({ description: 'Of any when left out' }),
    }),
    z.strictObject({ type: z.literal('unlock'), evse: z.number().int().min(1), connector: where.connector }),
    z.strictObject({
      type: z.literal('reset'),
      kind: z
        .enum(['soft', 'hard', 'resume'])
        .default('soft')
        .openapi({ description: '`resume`: 2.1, at once, and what was charging goes on afterwards' }),
      evse: where.evse,
    }),
    z.strictObject({ type: z.literal('availability'), ...anywhere, operative: z.boolean() }),
    z.strictObject({
      type: z.literal('trigger'),
      message: z.enum([
        'boot',
        'heartbeat',
        'status',
        'meterValues',
        'diagnosticsStatus',
        'firmwareStatus',
        'logStatus',
        'signCertificate',
        'transaction',
        'publishStatus',
        'signV2gCertificate',
        'signV2g20Certificate',
        'signCombinedCertificate',
        'custom',
      ]),
      ...anywhere,
      custom: z
        .string()
        .min(1)
        .max(50)
        .optional()
        .openapi({ description: "2.1, with `custom`: the make's own word for the message" }),
    }),
    z.strictObject({
      type: z.literal('readVariables'),
      names: z.array(z.string().min(1).max(500)).max(500).optional(),
    }),
    z.strictObject({
      type: z.literal('writeVariables'),
      values: z.record(z.string().min(1).max(500), z.string().max(2500)),
    }),
    z.strictObject({
      type: z.literal('baseReport'),
      base: z.enum(['configuration', 'full', 'summary']).default('full'),
    }),
    z.strictObject({
      type: z.literal('variableReport'),
      names: componentNames.optional(),
      criteria: z
        .array(z.enum(['active', 'available', 'enabled', 'problem']))
        .max(4)
        .optional(),
    }),
    z.strictObject({ type: z.literal('setMonitors'), monitors: z.array(newMonitor).min(1).max(200) }),
    z.strictObject({ type: z.literal('clearMonitors'), ids: z.array(number32).min(1).max(200) }),
    z.strictObject({
      type: z.literal('readMonitors'),
      names: componentNames.optional(),
      criteria: z
        .array(z.enum(['threshold', 'delta', 'periodic']))
        .max(3)
        .optional(),
    }),
    z.strictObject({ type: z.literal('setMonitoringBase'), base: z.enum(['all', 'factory', 'hardWired']) }),
    z.strictObject({ type: z.literal('setMonitoringLevel'), severity }),
    z.strictObject({ type: z.literal('clearCache') }),
    z.strictObject({
      type: z.literal('dataTransfer'),
      vendorId: z.string().min(1).max(255),
      messageId: z.string().max(50).optional(),
      data: z.unknown().optional(),
    }),
    z.strictObject({ type: z.literal('readLocalList') }),
    z.strictObject({
      type: z.literal('writeLocalList'),
      mode: z
        .enum(['full', 'differential'])
        .default('differential')
        .openapi({ description: 'A differential becomes full where the station has another version than it was told' }),
      tokens: z
        .array(z.string().min(1).max(64))
        .max(10_000)
        .optional()
        .openapi({ description: 'Ids of the tokens that are on the list; all of the tenant when left out' }),
    }),
    z.strictObject({
      type: z.literal('reserve'),
      ...anywhere,
      connectorType: z
        .string()
        .min(1)
        .max(20)
        .optional()
        .openapi({ description: "2.x: any EVSE with such a connector, by OCPP's words: cCCS2" }),
      token,
      expiresAt: instant,
    }),
    z.strictObject({ type: z.literal('cancelReservation'), reservation: number32 }),
    z.strictObject({ type: z.literal('setProfile'), evse: anywhere.evse, profile: chargingProfile }),
    z.strictObject({
      type: z.literal('clearProfile'),
      id: number32.optional(),
      evse: anywhere.evse,
      purpose: profilePurpose.optional(),
      stackLevel: number32.optional(),
    }),
    z.strictObject({
      type: z.literal('readProfiles'),
      id: number32.optional(),
      evse: anywhere.evse,
      purpose: profilePurpose.optional(),
      stackLevel: number32.optional(),
      sources: z
        .array(z.string().min(1).max(20))
        .min(1)
        .max(4)
        .optional()
        .openapi({ description: "2.x: who set them, by OCPP's own words: EMS. Ours are of CSO" }),
    }),
    z.strictObject({
      type: z.literal('compositeSchedule'),
      evse: anywhere.evse,
      seconds: z.number().int().min(1).max(604_800),
      unit: z.enum(['A', 'W']).optional(),
    }),
    z.strictObject({ type: z.literal('setDefaultTariff'), evse: evseOrAll, tariff: tariffId }),
    z.strictObject({ type: z.literal('readTariffs'), evse: evseOrAll }),
    z.strictObject({
      type: z.literal('clearTariffs'),
      evse: anywhere.evse,
      ids: z
        .array(z.string().min(1).max(60))
        .min(1)
        .max(100)
        .optional()
        .openapi({ description: 'As the station has them' }),
    }),
    z.strictObject({ type: z.literal('changeTransactionTariff'), transaction, tariff: tariffId }),
    z.strictObject({
      type: z.literal('webPaymentStarted'),
      evse: z.number().int().min(1),
      seconds: z.number().int().min(1).max(86_400),
    }),
    z.strictObject({
      type: z.literal('updateDynamicSchedule'),
      profile: number32,
      setpoints: z.strictObject(setpoints).refine((it) => Object.keys(it).length > 0, 'names at least one'),
    }),
    z.strictObject({ type: z.literal('priorityCharging'), transaction, active: z.boolean() }),
    z.strictObject({
      type: z.literal('allowEnergyTransfer'),
      transaction,
      modes: z.array(z.string().min(1).max(50)).min(1).max(20).openapi({ description: "OCPP's words: AC_BPT" }),
    }),
    z.strictObject({ type: z.literal('frequencySignal'), signal: z.number().int(), at: instant.optional() }),
    z.strictObject({
      type: z.literal('setDerControl'),
      id: derId,
      control: derControl,
      isDefault: z.boolean().default(true),
      values: z.record(z.string(), z.unknown()).openapi({
        description: 'As OCPP 2.1 writes them for that control: a curve, fixedVar, freqDroop',
      }),
    }),
    z.strictObject({
      type: z.literal('readDerControls'),
      id: derId.optional(),
      control: derControl.optional(),
      isDefault: z.boolean().optional(),
    }),
    z.strictObject({
      type: z.literal('clearDerControl'),
      id: derId.optional(),
      control: derControl.optional(),
      isDefault: z.boolean().default(true),
    }),
    z.strictObject({ type: z.literal('limit'), evse: where.evse, watts: power, amperes: power }),
    z.strictObject({
      type: z.literal('updateFirmware'),
      url: target,
      retrieveAt: instant.optional().openapi({ description: 'At once when left out' }),
      installAt: instant.optional(),
      ...attempts,
      signature: z.string().max(800).optional().openapi({ description: 'Of the image, base64' }),
      certificate: pem(5500).optional().openapi({ description: 'PEM: whose key made the signature' }),
    }),
    z.strictObject({ type: z.literal('getDiagnostics'), url: target, ...attempts, ...period }),
    z.strictObject({
      type: z.literal('getLog'),
      log: z.enum(['diagnostics', 'security']),
      url: target,
      ...attempts,
      ...period,
    }),
    z.strictObject({ type: z.literal('rotateKey') }),
    z.strictObject({
      type: z.literal('raiseProfile'),
      securityProfile: z.number().int().min(1).max(3),
      url: networkProfile.shape.url
        .optional()
        .openapi({ description: '2.x: where it dials by that profile; PLUGGA_PUBLIC_URL when left out' }),
      interface: networkProfile.shape.interface,
    }),
    z.strictObject({ type: z.literal('setNetworkProfile'), slot, profile: networkProfile }),
    z.strictObject({
      type: z.literal('moveNetwork'),
      profile: networkProfile,
      slot: slot.optional().openapi({ description: 'The first that is free when left out' }),
      drop: z
        .boolean()
        .default(false)
        .openapi({ description: 'Take the old one out of the order once it has come by the new' }),
      reset: z.enum(['soft', 'hard']).default('soft'),
      withinSeconds: z.number().int().min(10).max(86_400).default(900),
    }),
    z.strictObject({
      type: z.literal('certificateSigned'),
      chain: pem(10_000),
      use: z.enum(['station', 'v2g', 'v2g20']).optional().openapi({ description: 'The one shown to us when left out' }),
      request: number32.optional(),
    }),
    z.strictObject({ type: z.literal('installCertificate'), use: certificateUse, certificate: pem(10_000) }),
    z.strictObject({
      type: z.literal('deleteCertificate'),
      certificate: certificateHash,
    }),
    z.strictObject({
      type: z.literal('listCertificates'),
      use: z
        .union([certificateUse, z.array(certificateUse).min(1).max(6)])
        .optional()
        .openapi({ description: 'In 2.x several may be named; those of every use when left out' }),
    }),
    z.strictObject({ type: z.literal('publishFirmware'), url: target, checksum, ...attempts }),
    z.strictObject({ type: z.literal('unpublishFirmware'), checksum }),
    z.strictObject({
      type: z.literal('readCustomer'),
      ...driver,
      clear: z.boolean().optional().openapi({ description: 'It is told, and the station then forgets it' }),
    }),
    z.strictObject({ type: z.literal('eraseCustomer'), ...driver }),
    z.strictObject({ type: z.literal('setDisplayMessage'), message: displayMessage }),
    z.strictObject({
      type: z.literal('readDisplayMessages'),
      ids: z.array(number32).max(100).optional(),
      priority: displayMessage.shape.priority.optional(),
      state: displayMessage.shape.state,
    }),
    z.strictObject({ type: z.literal('clearDisplayMessage'), id: number32 }),
    z.strictObject({
      type: z.literal('adjustStream'),
      id: number32,
      seconds: number32.optional(),
      values: number32.optional(),
    }),
    z.strictObject({ type: z.literal('readStreams') }),
    z.strictObject({ type: z.literal('requestBatterySwap'), token }),
  ])
  .openapi('CommandAsked');
