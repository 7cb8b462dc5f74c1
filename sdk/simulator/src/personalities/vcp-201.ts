import type { Personality } from '../personality.ts';
import { eachRegister } from './samples.ts';

const inKwh = (sample: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  ...sample,
  value: Number(sample['value']) * 0.001,
});

/** The same in both versions. */
export const vcpWays: Pick<Personality, 'answers' | 'sends'> = {
  // It has no handler for it, and its process ends.
  answers: { CancelReservation: () => 'drop' },
  sends: {
    NotifyReport: (report) => ({ ...report, reportData: [] }),
    TransactionEvent: (event) =>
      eachRegister((sample) => {
        const { unitOfMeasure: _, ...bare } = inKwh(sample);
        return event['eventType'] === 'Ended' ? bare : { ...bare, unitOfMeasure: { unit: 'kWh' } };
      })({ ...event, seqNo: 0 }),
  },
};

export const vcp201: Personality = {
  id: 'vcp-201',
  what: 'Numbers every event 0; its register is in kWh, and in the last event without a unit; reports nothing; dies of a command.',
  source: 'solidstudiosh/ocpp-virtual-charge-point; measured',
  about: { chargePointVendor: 'Solidstudio', chargePointModel: 'VirtualChargePoint', firmwareVersion: '1.0.0' },
  options: { protocol: 'ocpp2.0.1' },
  ...vcpWays,
};
