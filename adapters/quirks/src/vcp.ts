import { defineQuirk } from '@plugga/kit';

/** The virtual charge point of Solidstudio, with which many try out a CSMS. It tells no version. */
export const vcp = defineQuirk({
  id: 'vcp-dies-at-unknown-action',
  why: 'A CALL that its table does not have ends its process, and these stand on the wrong side of it: seen with CancelReservation of 2.0.1, the others read in solidstudiosh/ocpp-virtual-charge-point src/v201/messageHandler.ts and src/v21/messageHandler.ts.',
  match: { vendor: /^solidstudio$/i, model: /^VirtualChargePoint$/i },
  protocols: ['ocpp2.0.1', 'ocpp2.1'],
  deny: ['CancelReservation', 'CertificateSigned', 'NotifyWebPaymentStarted', 'RequestBatterySwap', 'SetDERControl'],
});
