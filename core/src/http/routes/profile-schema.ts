import { z } from '@plugga/kit';

const instant = z.iso.datetime();
const seconds = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
export const profilePurpose = z
  .enum(['stationMax', 'txDefault', 'tx', 'external', 'priority', 'localGeneration'])
  .openapi({ description: '`external` is never set by us; `priority` and `localGeneration` are of OCPP 2.1' });

const most = 10_000_000;
const held = z.number().min(-most).max(most).optional();
const discharge = z.number().min(-most).max(0).optional();
/** What the flow of energy is held to. */
export const setpoints = {
  limit: z.number().min(0).max(most).optional().openapi({ description: 'In the unit, of one decimal' }),
  limitL2: z.number().min(0).max(most).optional(),
  limitL3: z.number().min(0).max(most).optional(),
  dischargeLimit: discharge,
  dischargeLimitL2: discharge,
  dischargeLimitL3: discharge,
  setpoint: held,
  setpointL2: held,
  setpointL3: held,
  setpointReactive: held,
  setpointReactiveL2: held,
  setpointReactiveL3: held,
};

const schedule = z.strictObject({
  unit: z.enum(['A', 'W']),
  start: instant.optional(),
  seconds: seconds.min(1).optional().openapi({ description: 'How long it lasts' }),
  minRate: z.number().min(0).optional(),
  atSoc: z.strictObject({ soc: z.number().int().min(0).max(100), limit: z.number().min(0) }).optional(),
  powerTolerance: z.number().min(0).optional(),
  useLocalTime: z.boolean().optional(),
  randomizedDelay: seconds.optional(),
  periods: z
    .array(
      z.strictObject({
        start: seconds.openapi({ description: 'Seconds from the start of the schedule; the first is 0' }),
        ...setpoints,
        phases: z.number().int().min(1).max(3).optional(),
        phaseToUse: z.number().int().min(1).max(3).optional().openapi({ description: 'OCPP 2.x' }),
        operationMode: z
          .enum([
            'idle',
            'chargingOnly',
            'centralSetpoint',
            'externalSetpoint',
            'externalLimits',
            'centralFrequency',
            'localFrequency',
            'localLoadBalancing',
          ])
          .optional(),
        preconditioning: z.boolean().optional(),
        evseSleep: z.boolean().optional(),
        baseline: held,
        freqWattCurve: z
          .array(z.strictObject({ frequency: z.number(), power: z.number() }))
          .min(1)
          .max(20)
          .optional(),
        signalWattCurve: z
          .array(z.strictObject({ signal: z.number().int(), power: z.number() }))
          .min(1)
          .max(20)
          .optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

/** A charging profile in neutral words; what one version or make of station cannot take of it is refused by name before it is sent. */
export const chargingProfile = z
  .strictObject({
    id: z.number().int().min(1).max(899_999_999).openapi({
      description: 'The same id again takes the place of the first; 900,000,000 and up are our own limits',
    }),
    purpose: profilePurpose,
    stackLevel: z.number().int().min(0).max(1_000).default(0),
    kind: z.enum(['absolute', 'recurring', 'relative', 'dynamic']),
    recurrency: z.enum(['daily', 'weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    transaction: z.string().min(1).max(36).optional().openapi({
      description: "The station's id of the transaction; the one that is running at the EVSE when left out",
    }),
    maxOfflineSeconds: seconds.optional(),
    invalidAfterOffline: z.boolean().optional(),
    updateSeconds: seconds.optional().openapi({ description: 'Of a dynamic one: how often the station asks for it' }),
    schedule,
    alternatives: z.array(schedule).min(1).max(2).optional().openapi({
      description: 'OCPP 2.x: what a vehicle may choose from instead (ISO 15118)',
    }),
  })
  .openapi('ChargingProfile');
