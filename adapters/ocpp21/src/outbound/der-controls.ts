import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire21 } from '../schema.ts';

const statuses = {
  Accepted: 'accepted',
  Rejected: 'rejected',
  NotSupported: 'unsupported',
  NotFound: 'rejected',
} as const;

/** The member in which the values of a control stand; all that is not named here is a curve. */
const MEMBERS: Readonly<Record<string, string>> = {
  EnterService: 'enterService',
  FixedPFAbsorb: 'fixedPFAbsorb',
  FixedPFInject: 'fixedPFInject',
  FixedVar: 'fixedVar',
  FreqDroop: 'freqDroop',
  Gradients: 'gradient',
  LimitMaxDischarge: 'limitMaxDischarge',
};

/** SetDERControl. */
export const setDerControl = (wire: Wire21): Outbound<CommandTable['setDerControl']> =>
  wire.oneCall({
    action: 'SetDERControl',
    payload: ({ id, control, isDefault, values }) => ({
      controlId: id,
      controlType: control,
      isDefault,
      [MEMBERS[control] ?? 'curve']: values,
    }),
    statuses,
  });

/** GetDERControl; what there are is told by ReportDERControl afterwards. */
export const readDerControls = (wire: Wire21): Outbound<CommandTable['readDerControls']> =>
  wire.oneCall({
    action: 'GetDERControl',
    payload: ({ request, id, control, isDefault }) => ({
      requestId: request,
      ...(id !== undefined && { controlId: id }),
      ...(control !== undefined && { controlType: control }),
      ...(isDefault !== undefined && { isDefault }),
    }),
    statuses,
  });

/** ClearDERControl. */
export const clearDerControl = (wire: Wire21): Outbound<CommandTable['clearDerControl']> =>
  wire.oneCall({
    action: 'ClearDERControl',
    payload: ({ id, control, isDefault }) => ({
      isDefault,
      ...(id !== undefined && { controlId: id }),
      ...(control !== undefined && { controlType: control }),
    }),
    statuses,
  });
