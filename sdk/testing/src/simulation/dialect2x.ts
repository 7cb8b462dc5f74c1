import type { Connector } from './body.ts';
import type { Dialect, Obedience, Obey, Protocol } from './dialect.ts';
import type { Reply } from './outbox.ts';
import { telling2x } from './telling2x.ts';

const SECOND = 1_000;

interface Named {
  readonly component?: { readonly name?: string; readonly instance?: string };
  readonly variable?: { readonly name?: string; readonly instance?: string };
  readonly attributeValue?: string;
}
const nameOf = ({ component, variable }: Named): string => {
  const instance = variable?.instance === undefined ? '' : `(${variable.instance})`;
  return `${component?.name}.${variable?.name}${instance}`;
};
const listOf = (value: unknown): readonly Named[] => (Array.isArray(value) ? (value as Named[]) : []);

/** What a station of 2.x does with what it is asked. */
const obeying2x = (hands: Obedience): Obey => {
  const { body, chance, tell, out, configuration } = hands;
  const { connectors } = body;
  const chargingOf = (id: unknown): Connector | undefined => connectors.find(({ charge }) => charge?.id === id);

  /** One part is enough for what it has. */
  const report = (requestId: unknown, at: string): void => {
    const reportData = Object.entries(configuration).map(([name, value]) => {
      const [component, variable] = name.split('.');
      return {
        ...{ component: { name: component }, variable: { name: variable } },
        variableAttribute: [{ value, mutability: 'ReadWrite' }],
        variableCharacteristics: { dataType: 'string', supportsMonitoring: false },
      };
    });
    const payload = { requestId, generatedAt: at, seqNo: 0, tbc: false, reportData };
    out.say({ of: 'state', action: 'NotifyReport', payload: () => payload, kept: false, tries: 0 });
  };

  const accepted: Obey = (_action, _payload, answer) => {
    answer({ status: 'Accepted' });
    return true;
  };
  const does: Readonly<Record<string, (payload: Reply, answer: (reply: object) => void) => void>> = {
    RequestStartTransaction: ({ evseId, idToken, remoteStartId }, answer) => {
      const fits = ({ charge, id }: Connector): boolean => charge === undefined && (evseId ?? id) === id;
      // Whoever asks from afar has not plugged in yet.
      const free = connectors.find((it) => fits(it) && !it.plugged) ?? connectors.find(fits);
      answer({ status: free === undefined ? 'Rejected' : 'Accepted' });
      hands.after(chance.between(1, 30) * SECOND, () => {
        if (free === undefined || free.charge !== undefined || !hands.isIdle()) return;
        tell.start(free, (idToken as { idToken: string }).idToken, {
          asked: { remoteStartId: Number(remoteStartId) },
        });
      });
    },
    RequestStopTransaction: ({ transactionId }, answer) => {
      const it = chargingOf(transactionId);
      answer({ status: it === undefined ? 'Rejected' : 'Accepted' });
      if (it !== undefined) hands.after(SECOND, () => tell.stop(it, 'Remote'));
    },
    GetTransactionStatus: ({ transactionId }, answer) =>
      answer({
        ongoingIndicator: chargingOf(transactionId) !== undefined,
        messagesInQueue: out.queue.some(({ transaction }) => transaction === transactionId),
      }),
    Reset: (_, answer) => {
      answer({ status: 'Accepted' });
      hands.after(2 * SECOND, hands.restart);
    },
    TriggerMessage: ({ requestedMessage }, answer) => {
      answer({ status: 'Accepted' });
      if (requestedMessage === 'BootNotification') out.say({ ...hands.boot(), kept: false });
      if (requestedMessage === 'MeterValues') for (const it of connectors) tell.meter(it);
    },
    UnlockConnector: (_, answer) => answer({ status: 'Unlocked' }),
    GetBaseReport: ({ requestId }, answer) => {
      answer({ status: 'Accepted' });
      report(requestId, body.clock());
    },
    GetVariables: ({ getVariableData }, answer) =>
      answer({
        getVariableResult: listOf(getVariableData).map((it) => {
          const attributeValue = configuration[nameOf(it)];
          const { component, variable } = it;
          return attributeValue === undefined
            ? { attributeStatus: 'UnknownVariable', component, variable }
            : { attributeStatus: 'Accepted', attributeValue, component, variable };
        }),
      }),
    SetVariables: ({ setVariableData }, answer) =>
      answer({
        setVariableResult: listOf(setVariableData).map((it) => {
          configuration[nameOf(it)] = String(it.attributeValue);
          return { attributeStatus: 'Accepted', component: it.component, variable: it.variable };
        }),
      }),
  };
  const simple = new Set(['ChangeAvailability', 'SetChargingProfile', 'ClearChargingProfile', 'CostUpdated']);

  return (action, payload, answer) => {
    if (simple.has(action)) return accepted(action, payload, answer);
    const run = does[action];
    if (run === undefined) return false;
    run(payload, answer);
    return true;
  };
};

/** OCPP 2.0.1 or 2.1: what they differ in here is no more than a word. */
export const dialect2x = (protocol: Protocol): Dialect => ({
  configuration: {
    'OCPPCommCtrlr.HeartbeatInterval': '300',
    'SampledDataCtrlr.TxUpdatedInterval': '60',
    'SampledDataCtrlr.TxUpdatedMeasurands': 'Energy.Active.Import.Register,Power.Active.Import',
    'SmartChargingCtrlr.ProfileStackLevel': '3',
    'SmartChargingCtrlr.RateUnit': 'A,W',
    'TxCtrlr.EVConnectionTimeOut': '60',
  },
  manners: (chance) => ({
    namesEvse: chance.pick(['always', 'always', 'once']),
    lateEvse: chance.pick([0, 0, 0.3]),
    numbersOn: chance.of(0.2),
    countsTransactions: chance.of(0.3),
    multiplies: chance.of(0.5),
    liveFirst: chance.of(0.3),
    repeatsIds: chance.of(0.5),
    resumes: chance.of(0.5),
    numbersNone: chance.of(0.15),
    dropsReadings: chance.pick([0, 0.2, 0.5]),
  }),
  telling: (world) => telling2x(protocol, world),
  obeying: obeying2x,
});
