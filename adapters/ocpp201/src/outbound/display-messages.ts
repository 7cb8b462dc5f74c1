import type { CommandTable, DisplayContent, DisplayMessage, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

const PRIORITY = { alwaysFront: 'AlwaysFront', inFront: 'InFront', normalCycle: 'NormalCycle' } as const;
const FORMAT = { ascii: 'ASCII', html: 'HTML', uri: 'URI', utf8: 'UTF8', qrCode: 'QRCODE' } as const;
const STATE = {
  charging: 'Charging',
  faulted: 'Faulted',
  idle: 'Idle',
  unavailable: 'Unavailable',
  suspended: 'Suspended',
  discharging: 'Discharging',
} as const;

const contentOf = ({ format, language, text }: DisplayContent) => ({
  format: FORMAT[format],
  ...(language !== undefined && { language }),
  content: text,
});

/** What 2.0.1 has no word for, which would be refused or misread. */
const lackingIn201 = ({ state, content, others = [] }: DisplayMessage): string | undefined => {
  if (state === 'suspended' || state === 'discharging') return `OCPP 2.0.1 shows no messages while ${state}`;
  if (content.format === 'qrCode') return 'OCPP 2.0.1 shows no QR codes';
  if (content.text.length > 512) return 'a message has at most 512 characters in OCPP 2.0.1';
  return others.length > 0 ? 'a message has one language in OCPP 2.0.1' : undefined;
};

/** SetDisplayMessage; one of the same id takes the place of the first (2.0.1 O06). */
export const setDisplayMessage = (wire: Wire2): Outbound<CommandTable['setDisplayMessage']> =>
  wire.oneCall({
    action: 'SetDisplayMessage',
    payload: ({ message }, { protocol }) => {
      const lacking = protocol === 'ocpp2.0.1' ? lackingIn201(message) : undefined;
      if (lacking !== undefined) return lacking;
      const { id, priority, state, from, until, transaction, content, others = [] } = message;
      return {
        message: {
          id,
          priority: PRIORITY[priority],
          ...(state !== undefined && { state: STATE[state] }),
          ...(from !== undefined && { startDateTime: from }),
          ...(until !== undefined && { endDateTime: until }),
          ...(transaction !== undefined && { transactionId: transaction }),
          message: contentOf(content),
          ...(others.length > 0 && { messageExtra: others.map(contentOf) }),
        },
      };
    },
    statuses: {
      Accepted: 'accepted',
      Rejected: 'rejected',
      UnknownTransaction: 'rejected',
      LanguageNotSupported: 'unsupported',
      NotSupportedMessageFormat: 'unsupported',
      NotSupportedPriority: 'unsupported',
      NotSupportedState: 'unsupported',
    },
  });

/** GetDisplayMessages: they come by NotifyDisplayMessages; Unknown is a station that has none of them. */
export const readDisplayMessages = (wire: Wire2): Outbound<CommandTable['readDisplayMessages']> =>
  wire.oneCall({
    action: 'GetDisplayMessages',
    payload: ({ request, ids, priority, state }, { protocol }) =>
      protocol === 'ocpp2.0.1' && (state === 'suspended' || state === 'discharging')
        ? `OCPP 2.0.1 shows no messages while ${state}`
        : {
            requestId: request,
            ...(ids !== undefined && ids.length > 0 && { id: [...ids] }),
            ...(priority !== undefined && { priority: PRIORITY[priority] }),
            ...(state !== undefined && { state: STATE[state] }),
          },
    statuses: { Accepted: 'accepted', Unknown: 'rejected' },
  });

/** ClearDisplayMessage; Unknown is one that the station does not have. */
export const clearDisplayMessage = (wire: Wire2): Outbound<CommandTable['clearDisplayMessage']> =>
  wire.oneCall({
    action: 'ClearDisplayMessage',
    payload: ({ id }) => ({ id }),
    statuses: { Accepted: 'accepted', Unknown: 'rejected', Rejected: 'rejected' },
  });
