import type { Row } from '../dialect-row.ts';

const events = 'core/src/session/transaction-event.test.ts';
const adapter = 'adapters/ocpp201/fixtures/session.jsonl';
const sessions = 'core/src/session/fixtures';

/** Deviations of stations of 2.0.1 and 2.1, and what is allowed there and still surprises. */
export const rows2x: readonly Row[] = [
  {
    station: 'FoxESS A-series, firmware 1.10',
    does: 'checks profiles against its schema of 1.6 and refuses them all',
    source: 'lbbrhzn/ocpp #2050, PR #2073',
    quirks: ['foxess-201-half-of-16'],
  },
  {
    station: 'FoxESS A-series, firmware 1.10',
    does: 'statuses of 1.6 on a connection of 2.0.1',
    source: 'lbbrhzn/ocpp #2050',
    quirks: ['foxess-201-half-of-16'],
  },
  {
    station: 'FoxESS A-series, firmware 1.10',
    does: 'a start soon after a stop takes it offline; Available with the cable in; long away after a lost connection',
    source: 'lbbrhzn/ocpp #2050, PR #2073',
    quirks: ['foxess-201-half-of-16'],
  },
  {
    station: 'VCP 2.0.1 and 2.1',
    does: 'its process ends at CancelReservation and other CALLs that its table lacks',
    source: 'solidstudiosh/ocpp-virtual-charge-point src/v201/messageHandler.ts',
    quirks: ['vcp-dies-at-unknown-action'],
  },
  {
    station: 'VCP 2.0.1 and 2.1',
    does: 'seqNo 0 in every event',
    source: 'solidstudiosh/ocpp-virtual-charge-point',
    tests: [
      [events, 'does not take equal seqNo with other content for a repeat: a real stack sends 0 always'],
      [`${sessions}/vcp-201-seqno-0.jsonl`, 'seqNo 0 in every event; Updated in kWh, Ended without a unit'],
    ],
  },
  {
    station: 'VCP 2.0.1 and 2.1',
    does: 'kWh in the updates and no unit in the end',
    source: 'solidstudiosh/ocpp-virtual-charge-point',
    tests: [[events, 'takes the unit of its neighbours where the end leaves it out']],
  },
  {
    station: 'VCP 2.0.1 and 2.1',
    does: 'a NotifyReport with an empty reportData',
    source: 'solidstudiosh/ocpp-virtual-charge-point',
    tests: [['adapters/ocpp201/fixtures/device.jsonl', 'a report with nothing in it is a last part too']],
  },
  {
    station: 'shiv3 2.0.1',
    does: 'never tells of a stop that it made without a connection; boots, and says Available',
    source: 'shiv3 simulator, measured',
    tests: [
      [`${sessions}/shiv3-201-lost-stop.jsonl`, 'A stop while disconnected is never sent: Boot and Available follow'],
    ],
  },
  {
    station: 'shiv3 2.0.1 and 2.1',
    does: 'MeterValues messages during a transaction, beside its events',
    source: 'shiv3 simulator, measured',
    tests: [
      [
        `${sessions}/shiv3-201-remote-start.jsonl`,
        'Meter values come as MeterValues messages during the transaction; Occupied and Available in the same millisecond',
      ],
    ],
  },
  {
    station: 'MicroOcpp 2.0.1',
    does: 'says Charging before the plug',
    source: 'matth-x/MicroOcpp, measured',
    tests: [
      [
        `${sessions}/microocpp-201.jsonl`,
        'Charging is reported before the plug; no meter values by default, no stoppedReason',
      ],
    ],
  },
  {
    station: 'MicroOcpp 2.0.1',
    does: 'after an outage no boot: old statuses, an Authorize of minutes ago, an end that is not marked offline',
    source: 'matth-x/MicroOcpp, measured',
    tests: [
      [
        `${sessions}/microocpp-201-offline-replay.jsonl`,
        'After an outage: historical statuses, a minutes-old Authorize of a session that was never opened, then the end without an offline mark',
      ],
    ],
  },
  {
    station: 'MicroOcpp 2.0.1',
    does: 'NotImplemented to GetReport, SetChargingProfile, UnlockConnector and others',
    source: 'matth-x/MicroOcpp, measured',
    here: 'learnt from its answers',
    tests: [['core/src/station/learnt.test.ts', 'when it is answered with %s']],
  },
  {
    station: 'SAP simulator, KEBA 2.0.1 signed',
    does: 'another type of the same token within one session; nothing between Started and Ended',
    source: 'SAP/e-mobility-charging-stations-simulator, measured',
    tests: [
      [
        `${sessions}/sap-keba-201-signed.jsonl`,
        'The token changes its type inside one session; Started and Ended only, Ended with both signed values',
      ],
    ],
  },
  {
    station: 'any, as it may',
    does: 'the EVSE without its connector',
    source: 'lbbrhzn/ocpp #2135, PR #2141',
    tests: [[adapter, 'a transaction starts with nobody: the start button']],
  },
  {
    station: 'any, as it may',
    does: 'events of an outage after newer ones',
    source: 'lbbrhzn/ocpp #2135, PR #2141',
    tests: [[events, 'is the same session in the order %i %i %i %i, with every event told twice']],
  },
  {
    station: 'any, as it may',
    does: 'offer several subprotocols in one handshake',
    source: 'OCPP-J 2.0.1 section 3.1.2',
    here: 'the highest is spoken',
    tests: [['core/src/charger/server.test.ts', 'BI-018 of %j the highest is spoken']],
  },
];
