import type { Connector } from './body.ts';
import type { Dialect, Obedience, Obey } from './dialect.ts';
import type { Reply } from './outbox.ts';
import { telling16 } from './telling16.ts';

const SECOND = 1_000;

/** What a station of 1.6 does with what it is asked. */
const obeying16 = (hands: Obedience): Obey => {
  const { body, chance, tell, out, configuration, make } = hands;
  const { connectors } = body;

  const configurationOf = ({ key }: Reply): object => {
    const asked = Array.isArray(key) ? key.map(String) : Object.keys(configuration);
    const known = asked.filter((name) => configuration[name] !== undefined);
    const result = {
      configurationKey: known.map((name) => ({ key: name, readonly: false, value: configuration[name] })),
      unknownKey: asked.filter((name) => configuration[name] === undefined),
    };
    return make?.rewrites?.['GetConfiguration']?.(result) ?? result;
  };

  return (action, payload, answer) => {
    switch (action) {
      case 'RemoteStartTransaction': {
        const fits = ({ charge, id: connector }: Connector): boolean =>
          charge === undefined && (payload['connectorId'] ?? connector) === connector;
        // Whoever asks from afar has not plugged in yet.
        const free = connectors.find((it) => fits(it) && !it.plugged) ?? connectors.find(fits);
        answer({ status: free === undefined ? 'Rejected' : 'Accepted' });
        hands.after(chance.between(1, 30) * SECOND, () => {
          if (free !== undefined && free.charge === undefined && hands.isIdle())
            tell.start(free, String(payload['idTag']), { asked: {} });
        });
        return true;
      }
      case 'RemoteStopTransaction': {
        const it = connectors.find(({ charge }) => charge?.id === String(payload['transactionId']));
        answer({ status: it === undefined ? 'Rejected' : 'Accepted' });
        if (it !== undefined) hands.after(SECOND, () => tell.stop(it, 'Remote'));
        return true;
      }
      case 'Reset':
        answer({ status: 'Accepted' });
        hands.after(2 * SECOND, hands.restart);
        return true;
      case 'TriggerMessage':
        answer({ status: 'Accepted' });
        if (payload['requestedMessage'] === 'BootNotification') out.say({ ...hands.boot(), kept: false });
        if (payload['requestedMessage'] === 'MeterValues') for (const it of connectors) tell.meter(it);
        return true;
      case 'UnlockConnector':
        answer({ status: 'Unlocked' });
        return true;
      case 'ChangeConfiguration':
        configuration[String(payload['key'])] = String(payload['value']);
        answer({ status: 'Accepted' });
        return true;
      case 'GetConfiguration':
        answer(configurationOf(payload));
        return true;
      case 'ChangeAvailability':
      case 'SetChargingProfile':
      case 'ClearChargingProfile':
        answer({ status: 'Accepted' });
        return true;
      default:
        return false;
    }
  };
};

/** OCPP 1.6. */
export const dialect16: Dialect = {
  configuration: {
    HeartbeatInterval: '300',
    MeterValueSampleInterval: '60',
    MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import',
    ChargeProfileMaxStackLevel: '3',
    ChargingScheduleAllowedChargingRateUnit: 'Current,Power',
  },
  manners: () => ({}),
  telling: telling16,
  obeying: obeying16,
};
