import { accepted, type Command, malformed, status, text } from '../command.ts';

export const changeConfiguration: Command = async (payload, hands) => {
  const [key, value] = [text(payload['key']), text(payload['value'])];
  if (key === undefined || value === undefined) return malformed('key or value is missing');
  if (!hands.security.allows(key, value)) return status('Rejected');
  const answer = hands.configuration.change(key, value);
  if (answer === 'Accepted') return accepted(() => hands.configured(key));
  if (answer === 'RebootRequired') hands.save();
  return status(answer);
};
