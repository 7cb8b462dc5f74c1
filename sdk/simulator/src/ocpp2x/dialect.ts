import type { Dialect, Protocol } from '../dialect.ts';
import type { StationOptions } from '../station.ts';
import { commands2x } from './commands/index.ts';
import { type Speech, speechOf } from './speech.ts';
import { tariffsKept } from './tariffs/tariffs.ts';
import { toldBy } from './told.ts';
import { transactions2x } from './transactions.ts';
import { variables } from './variables.ts';

/** What was said of a token; a contract whose certificate is not good is refused with what is wrong with it. */
const authorizationOf = (speech: Speech, payload: Readonly<Record<string, unknown>>): unknown => {
  const info = speech.tokenInfo(payload['idTokenInfo']);
  const certificate = payload['certificateStatus'];
  return info?.['status'] === 'Accepted' && typeof certificate === 'string' ? { ...info, status: certificate } : info;
};

/** OCPP 2.0.1 or 2.1 over JSON. */
export const dialect2x =
  (protocol: Exclude<Protocol, 'ocpp1.6'>) =>
  (options: StationOptions): Dialect => {
    const speech = speechOf(options, protocol);
    const tariffs = tariffsKept();
    let why = 'PowerUp';
    const told = toldBy(speech, () => why);
    return {
      protocol,
      model: protocol === 'ocpp2.1' ? 'Virtual 21' : 'Virtual 201',
      keys: variables,
      transactions: (around) => transactions2x(around, speech, tariffs),
      commands: (hands, beside) =>
        commands2x({ protocol, options, hands, beside, speech, tariffs, triggered: (reason) => void (why = reason) }),
      starts: (reason) => void (why = reason === 'Reset' ? 'RemoteReset' : reason),
      tell: (action, payload) => ({
        action: action === 'SignedFirmwareStatusNotification' ? 'FirmwareStatusNotification' : action,
        payload: told[action]?.(payload) ?? { ...payload },
      }),
      hear(action, answer, { idTag }) {
        if (action !== 'Authorize' || answer.kind !== 'result') return answer;
        const tariff = answer.payload['tariff'];
        // A driver's own price comes with the answer about the token (2.1).
        if (protocol === 'ocpp2.1' && typeof tariff === 'object' && tariff !== null)
          tariffs.ofDriver(String(idTag), tariff as Readonly<Record<string, unknown>>);
        return { kind: 'result', payload: { idTagInfo: authorizationOf(speech, answer.payload) } };
      },
      spoken: speech.connectorStatus,
      tellsExpiry: true,
      payloadOf: (item) => item.payload,
      known: () => true,
    };
  };
