import type { StationEvent } from '../events.ts';
import type { Personality } from '../personality.ts';
import { errorText, resultText } from '../wire/frames.ts';
import type { Command, Failure, Hands, Payload, Reply } from './command.ts';

const isFailure = (reply: Reply | Failure): reply is Failure => 'error' in reply;

/** Answers what the CSMS sends, as the standard says or as the station's make does. */
export const answering = (o: {
  readonly commands: Readonly<Record<string, Command>>;
  readonly hands: Hands;
  readonly personality: Personality | undefined;
  readonly say: (text: string) => boolean;
  readonly cut: () => void;
  readonly emit: (event: StationEvent) => void;
}): ((id: string, action: string, payload: Payload) => Promise<void>) => {
  const usual = (action: string, payload: Payload): Reply | Failure | Promise<Reply | Failure> => {
    const command = Object.hasOwn(o.commands, action) ? o.commands[action] : undefined;
    return command?.(payload, o.hands) ?? { error: 'NotImplemented', why: `${action} is not known here` };
  };
  return async (id, action, payload) => {
    const otherwise = o.personality?.answers?.[action]?.(payload, {
      charging: o.hands.connectors.some((one) => one.running !== undefined),
      configuration: o.hands.configuration.values(),
    });
    if (otherwise === 'silence') return o.emit({ kind: 'command', action, answer: 'silence' });
    if (otherwise === 'drop') {
      o.emit({ kind: 'command', action, answer: 'drop' });
      return o.cut();
    }
    if (typeof otherwise === 'object' && 'text' in otherwise) {
      o.say(otherwise.text(id));
      return o.emit({ kind: 'command', action, answer: 'garbled' });
    }
    const made: Reply | Failure | Promise<Reply | Failure> = otherwise ?? usual(action, payload);
    // What can be answered at once is: whoever waits for a tick could be overtaken by the next frame.
    const reply = made instanceof Promise ? await made : made;
    if (isFailure(reply)) {
      o.say(errorText(id, reply.error, reply.why));
      return o.emit({ kind: 'command', action, answer: reply.error });
    }
    o.say(resultText(id, o.personality?.rewrites?.[action]?.(reply.result) ?? reply.result));
    o.emit({ kind: 'command', action, answer: String(reply.result['status'] ?? 'Accepted') });
    reply.after?.();
  };
};
