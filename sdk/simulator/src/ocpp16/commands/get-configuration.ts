import { type Command, malformed } from '../command.ts';

export const getConfiguration: Command = (payload, hands) => {
  const wanted = payload['key'] ?? [];
  if (!Array.isArray(wanted)) return malformed('key is no list');
  const { configurationKey, unknownKey } = hands.configuration.report(wanted.map(String));
  return { result: { configurationKey, ...(unknownKey.length > 0 ? { unknownKey } : {}) } };
};
