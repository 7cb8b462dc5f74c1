import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { optionalTime, profile } from './pieces.ts';

/** What drives charging and holds it. */

/** Charging profiles that the station has taken from us, or has let go. */
export const profilesChanged = defineEvent({
  type: 'station.profilesChanged',
  v: 1,
  data: z.object({
    changes: z.array(z.union([z.object({ set: profile }), z.object({ cleared: profile.partial() })])),
  }),
});
/** Charging profiles that the station says it has at one EVSE from one source, CSO being us: whole, a part of what `readProfiles` asked for. */
export const profilesReported = defineEvent({
  type: 'station.profilesReported',
  v: 1,
  data: z.object({
    request: z.number().int(),
    evse: z.number().int(),
    source: z.string(),
    profiles: z.array(z.looseObject({ ...profile.omit({ evse: true }).shape })),
    more: z.boolean(),
  }),
});
const anything = z.record(z.string(), z.unknown());
/** The grid or an energy manager holds an EVSE (0: the station) to a limit, or no longer. */
export const externalLimitChanged = defineEvent({
  type: 'station.externalLimitChanged',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    source: z.string(),
    cleared: z.boolean(),
    gridCritical: z.boolean().optional(),
    localGeneration: z.boolean().optional(),
    /** Charging schedules in neutral words; none where the station does not say how much it is held to. */
    schedules: z.array(anything).optional(),
  }),
});
/** What the vehicle at an EVSE asks for, and what it was told. Told `later` before its transaction: said once more when that runs. */
export const chargingNeedsTold = defineEvent({
  type: 'station.chargingNeedsTold',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    transaction: z.string().optional(),
    needs: z.looseObject({ transfer: z.string() }),
    decision: z.enum(['accept', 'later', 'refuse', 'nobody']),
    reason: z.string().optional(),
    by: z.string().optional(),
  }),
});
/** How the vehicle at an EVSE means to charge, and what it was told where somebody had planned for it. */
export const vehicleScheduleTold = defineEvent({
  type: 'station.vehicleScheduleTold',
  v: 1,
  data: z.object({
    evse: z.number().int(),
    schedule: anything,
    selected: z.number().int().optional(),
    toleranceAccepted: z.boolean().optional(),
    decision: z.enum(['accept', 'refuse']).optional(),
    reason: z.string().optional(),
    by: z.string().optional(),
    ...optionalTime,
  }),
});
/** A transaction charges by its priority profile, or no longer: switched at the station. */
export const priorityChargingChanged = defineEvent({
  type: 'station.priorityChargingChanged',
  v: 1,
  data: z.object({ transaction: z.string(), active: z.boolean() }),
});
/** Something happened in the grid, or is over. Words are OCPP 2.1's. */
export const derAlarmChanged = defineEvent({
  type: 'station.derAlarmChanged',
  v: 1,
  data: z.object({
    control: z.string(),
    fault: z.string().optional(),
    ended: z.boolean(),
    info: z.string().optional(),
    ...optionalTime,
  }),
});
/** A rule of the grid code is followed, or no longer. */
export const derActiveChanged = defineEvent({
  type: 'station.derActiveChanged',
  v: 1,
  data: z.object({ id: z.string(), active: z.boolean(), superseded: z.array(z.string()), ...optionalTime }),
});
/** Rules of the grid code that the station says it has: a part of what `readDerControls` asked for. */
export const derControlsReported = defineEvent({
  type: 'station.derControlsReported',
  v: 1,
  data: z.object({
    request: z.number().int(),
    controls: z.array(
      z.object({
        id: z.string(),
        control: z.string(),
        isDefault: z.boolean().optional(),
        superseded: z.boolean().optional(),
        values: anything,
      }),
    ),
    more: z.boolean(),
  }),
});
