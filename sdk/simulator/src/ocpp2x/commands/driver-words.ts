import { type Command, malformed, record, status, whole } from '../../ocpp16/command.ts';
import { connectorWith, type Context } from './context.ts';

type Given = Readonly<Record<string, unknown>>;

/** Most that a display keeps. */
const MOST_MESSAGES = 20;

/** Block O: what the driver reads on the display. */
export const driverWords = ({ hands, beside }: Context): Readonly<Record<string, Command>> => {
  const messages = new Map<number, Given>();
  const tell = (requestId: number, all: readonly Given[]): void =>
    void beside.call('NotifyDisplayMessages', { requestId, messageInfo: all });
  return {
    SetDisplayMessage(payload) {
      const message = record(payload['message']);
      const id = whole(message?.['id']);
      if (message === undefined || id === undefined) return malformed('message or its id is missing');
      const transactionId = message['transactionId'];
      if (transactionId !== undefined && connectorWith(hands, transactionId) === undefined)
        return status('UnknownTransaction');
      if (!messages.has(id) && messages.size >= MOST_MESSAGES) return status('Rejected');
      messages.set(id, message);
      return status('Accepted');
    },
    GetDisplayMessages(payload) {
      const requestId = whole(payload['requestId']);
      if (requestId === undefined) return malformed('requestId is missing');
      const { id: ids, priority, state } = payload;
      const found = [...messages.values()].filter(
        (one) =>
          (!Array.isArray(ids) || ids.includes(one['id'])) &&
          (priority === undefined || one['priority'] === priority) &&
          (state === undefined || one['state'] === state),
      );
      return found.length === 0 ? status('Unknown') : status('Accepted', () => tell(requestId, found));
    },
    ClearDisplayMessage(payload) {
      const id = whole(payload['id']);
      if (id === undefined) return malformed('id is missing');
      return status(messages.delete(id) ? 'Accepted' : 'Unknown');
    },
  };
};
