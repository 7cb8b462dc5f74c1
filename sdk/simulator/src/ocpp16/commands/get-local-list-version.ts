import type { Command } from '../command.ts';

export const getLocalListVersion: Command = (_, hands) => ({ result: { listVersion: hands.localList.version() } });
