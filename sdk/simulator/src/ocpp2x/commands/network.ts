import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Context } from './context.ts';

/** Block B, B09 and B10: where the station dials after its next start, and where it goes when nobody answers there. */
export const network = ({ hands, beside, options }: Context) => {
  const urls = new Map<number, string>([[1, options.url]]);
  let refusals = 0;
  let current = 1;
  const order = (): readonly number[] =>
    hands.configuration
      .list('OCPPCommCtrlr.NetworkConfigurationPriority')
      .map(Number)
      .filter((slot) => urls.has(slot));
  const go = (slot: number | undefined): void => {
    const url = slot === undefined ? undefined : urls.get(slot);
    if (slot === undefined || url === undefined || slot === current) return;
    current = slot;
    refusals = 0;
    beside.moveTo(url);
  };
  beside.watch((event) => {
    if (event.kind === 'connected') refusals = 0;
    if (event.kind !== 'refused') return;
    refusals += 1;
    if (refusals < hands.configuration.number('OCPPCommCtrlr.NetworkProfileConnectionAttempts')) return;
    const slots = order();
    go(slots[(slots.indexOf(current) + 1) % Math.max(1, slots.length)]);
  });
  const SetNetworkProfile: Command = (payload) => {
    const slot = whole(payload['configurationSlot']);
    const url = text(record(payload['connectionData'])?.['ocppCsmsUrl']);
    if (slot === undefined || url === undefined) return malformed('configurationSlot or ocppCsmsUrl is missing');
    if (!/^wss?:\/\//.test(url)) return status('Failed');
    if (slot === current) return status('Rejected');
    urls.set(slot, url);
    return status('Accepted');
  };
  return {
    commands: { SetNetworkProfile } satisfies Record<string, Command>,
    /** The station starts anew: at the first slot that it has. */
    restarting: () => go(order()[0]),
  };
};
