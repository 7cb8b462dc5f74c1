import type { Personality } from '../personality.ts';

export const openOcpp: Personality = {
  id: 'open-ocpp',
  what: 'Puts the bytes of its hex password into the header; message ids are numbers that begin anew with each start.',
  source: 'c-jimenez/open-ocpp; measured',
  about: { chargePointVendor: 'OpenOCPP', chargePointModel: 'Simulated', meterType: '', iccid: '', imsi: '' },
  options: { passwordAs: 'bytes', messageIds: 'numbers' },
};
