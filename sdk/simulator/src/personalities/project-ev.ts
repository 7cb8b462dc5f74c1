import type { Personality } from '../personality.ts';

export const projectEv: Personality = {
  id: 'project-ev',
  what: 'Rejects a trigger of MeterValues while nobody charges.',
  source: 'evcc-io/evcc #15768',
  about: { chargePointVendor: 'Project EV', chargePointModel: 'EVA-07S' },
  answers: {
    TriggerMessage: ({ requestedMessage }, { charging }) =>
      requestedMessage === 'MeterValues' && !charging ? { result: { status: 'Rejected' } } : undefined,
  },
};
