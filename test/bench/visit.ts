/** What a station of the load says, put together from text: a visit is nine messages in each version. */

export type Version = '1.6' | '2.0.1';

/** 60 s of 30 kW. */
const WH_A_READING = 500;
const READINGS = 6;
export const VISIT_MS = (READINGS + 2) * 60_000;
export const WH_A_VISIT = READINGS * WH_A_READING;

interface Visit {
  ask(action: string, payload: string): Promise<string>;
  readonly token: string;
  /** The station's id of it, where the version lets the station choose. */
  readonly transaction: string;
  readonly at: number;
  /** Wh at the start. */
  readonly register: number;
}

interface Speech {
  readonly protocol: string;
  readonly boot: string;
  visit(visit: Visit): Promise<void>;
  /** A MeterValues outside any transaction. */
  idle(at: number, register: number): string;
}

const iso = (at: number): string => new Date(at).toISOString();

const reading16 = (at: number, register: number): string =>
  `[{"timestamp":"${iso(at)}","sampledValue":[` +
  `{"value":"${register}","measurand":"Energy.Active.Import.Register","unit":"Wh"},` +
  `{"value":"30000","measurand":"Power.Active.Import","unit":"W"},` +
  `{"value":"43.5","measurand":"Current.Import","unit":"A","phase":"L1"},` +
  `{"value":"55","measurand":"SoC","unit":"Percent"}]}]`;

/** Authorize, StartTransaction, six MeterValues of four samples, StopTransaction. */
async function visit16({ ask, token, at, register }: Visit): Promise<void> {
  await ask('Authorize', `{"idTag":"${token}"}`);
  const answer = await ask(
    'StartTransaction',
    `{"connectorId":1,"idTag":"${token}","meterStart":${register},"timestamp":"${iso(at)}"}`,
  );
  const id = /"transactionId":(-?\d+)/.exec(answer)?.[1];
  for (let index = 1; index <= READINGS; index += 1) {
    const reading = reading16(at + index * 60_000, register + index * WH_A_READING);
    await ask('MeterValues', `{"connectorId":1,"transactionId":${id},"meterValue":${reading}}`);
  }
  const end = `"meterStop":${register + WH_A_VISIT},"timestamp":"${iso(at + READINGS * 60_000 + 1_000)}"`;
  await ask('StopTransaction', `{"transactionId":${id},${end},"reason":"Local"}`);
}

const register2 = (register: number, context: string): string =>
  `{"value":${register},"context":"${context}","measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"Wh"}}`;
const value2 = (at: number, samples: string): string => `[{"timestamp":"${iso(at)}","sampledValue":[${samples}]}]`;
const reading2 = (at: number, register: number): string =>
  value2(
    at,
    `${register2(register, 'Sample.Periodic')},` +
      `{"value":30000,"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W"}},` +
      `{"value":43.5,"measurand":"Current.Import","unitOfMeasure":{"unit":"A"},"phase":"L1"},` +
      `{"value":55,"measurand":"SoC","unitOfMeasure":{"unit":"Percent"}}`,
  );

/** Authorize, and as TransactionEvent: Started, six Updated of four samples, Ended. */
async function visit2({ ask, token, transaction, at, register }: Visit): Promise<void> {
  const idToken = `{"idToken":"${token}","type":"ISO14443"}`;
  const event = (
    o: {
      readonly [name in 'type' | 'trigger' | 'info' | 'meter']: string;
    } & { readonly at: number; readonly seqNo: number; readonly more?: string },
  ): Promise<string> =>
    ask(
      'TransactionEvent',
      `{"eventType":"${o.type}","timestamp":"${iso(o.at)}","triggerReason":"${o.trigger}","seqNo":${o.seqNo},` +
        `"transactionInfo":{"transactionId":"${transaction}",${o.info}},"evse":{"id":1,"connectorId":1},` +
        `${o.more ?? ''}"meterValue":${o.meter}}`,
    );
  const charging = '"chargingState":"Charging"';
  await ask('Authorize', `{"idToken":${idToken}}`);
  await event({
    ...{ type: 'Started', at, trigger: 'Authorized', seqNo: 0, info: charging, more: `"idToken":${idToken},` },
    meter: value2(at, register2(register, 'Transaction.Begin')),
  });
  for (let index = 1; index <= READINGS; index += 1) {
    const then = at + index * 60_000;
    await event({
      ...{ type: 'Updated', at: then, trigger: 'MeterValuePeriodic', seqNo: index, info: charging },
      meter: reading2(then, register + index * WH_A_READING),
    });
  }
  const end = at + READINGS * 60_000 + 1_000;
  await event({
    ...{ type: 'Ended', at: end, trigger: 'StopAuthorized', seqNo: READINGS + 1 },
    info: '"chargingState":"EVConnected","stoppedReason":"Local"',
    meter: value2(end, register2(register + WH_A_VISIT, 'Transaction.End')),
  });
}

export const speechOf: Readonly<Record<Version, Speech>> = {
  '1.6': {
    protocol: 'ocpp1.6',
    boot: '{"chargePointVendor":"Bench","chargePointModel":"Load"}',
    visit: visit16,
    idle: (at, register) => `{"connectorId":1,"meterValue":${reading16(at, register)}}`,
  },
  '2.0.1': {
    protocol: 'ocpp2.0.1',
    boot: '{"reason":"PowerUp","chargingStation":{"vendorName":"Bench","model":"Load"}}',
    visit: visit2,
    idle: (at, register) => `{"evseId":1,"meterValue":${reading2(at, register)}}`,
  },
};
