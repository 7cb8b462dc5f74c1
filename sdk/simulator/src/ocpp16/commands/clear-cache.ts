import { type Command, status } from '../command.ts';

export const clearCache: Command = (_, hands) => status(hands.authorizer.clearCache(), () => hands.save());
