import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Context } from './context.ts';

/** Slots that the station has. */
const SLOTS = 5;

/** Block B, B09 and B10: where the station dials after its next start, and where it goes when nobody answers there. */
export const network = ({ hands, beside, options }: Context) => {
  const { configuration } = hands;
  const urls = new Map<number, string>([[1, options.url]]);
  let refusals = 0;
  let current = 1;
  const slotsOf = (priority: string): readonly number[] => priority.split(',').map(Number);
  const order = (): readonly number[] =>
    slotsOf(configuration.text('OCPPCommCtrlr.NetworkConfigurationPriority')).filter((slot) => urls.has(slot));
  const go = (slot: number | undefined): void => {
    const url = slot === undefined ? undefined : urls.get(slot);
    if (slot === undefined || url === undefined || slot === current) return;
    current = slot;
    refusals = 0;
    configuration.set('OCPPCommCtrlr.ActiveNetworkProfile', String(slot));
    beside.moveTo(url);
  };
  beside.watch((event) => {
    if (event.kind === 'connected') refusals = 0;
    if (event.kind !== 'refused') return;
    refusals += 1;
    if (refusals < configuration.number('OCPPCommCtrlr.NetworkProfileConnectionAttempts')) return;
    const slots = order();
    go(slots[(slots.indexOf(current) + 1) % Math.max(1, slots.length)]);
  });
  const SetNetworkProfile: Command = (payload) => {
    const slot = whole(payload['configurationSlot']);
    const data = record(payload['connectionData']);
    const url = text(data?.['ocppCsmsUrl']);
    if (slot === undefined || url === undefined) return malformed('configurationSlot or ocppCsmsUrl is missing');
    if (!/^wss?:\/\//.test(url) || data?.['ocppTransport'] === 'SOAP') return status('Failed');
    // The one that it is on stays as it is, and nothing is less safe than that.
    const safe = (whole(data?.['securityProfile']) ?? 0) >= configuration.number('SecurityProfile');
    if (slot < 1 || slot > SLOTS || slot === current || !safe) return status('Rejected');
    urls.set(slot, url);
    return status('Accepted');
  };
  return {
    commands: { SetNetworkProfile } satisfies Record<string, Command>,
    /** The station starts anew: at the first slot that it has. */
    restarting: () => go(order()[0]),
    /** Whether a setting may be so: an order names slots that are filled. */
    allows: (key: string, value: string): boolean =>
      key !== 'OCPPCommCtrlr.NetworkConfigurationPriority' || slotsOf(value).every((slot) => urls.has(slot)),
  };
};
