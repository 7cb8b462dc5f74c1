import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Context } from './context.ts';

/** What stands in a slot: where it dials, how safely, and the password there where that is another. */
interface Profile {
  readonly url: string;
  readonly securityProfile: number;
  readonly password?: string;
  /** So long it waits for an answer there. */
  readonly answerMs?: number;
}

/** Slots that the station has. */
const SLOTS = 5;
const PRIORITY = 'OCPPCommCtrlr.NetworkConfigurationPriority';

/** Block B, B09 and B10: where the station dials after its next start, and where it goes when nobody answers there. */
export const network = ({ hands, beside, options }: Context) => {
  const { configuration, security } = hands;
  const first = configuration.number('SecurityProfile');
  const url = first < 2 ? options.url : (options.secureUrl ?? options.url.replace(/^ws:/, 'wss:'));
  const profiles = new Map<number, Profile>([[1, { url, securityProfile: first }]]);
  let refusals = 0;
  let current = 1;
  /** The password where a slot has none of its own. */
  let shared = '';
  const slotsOf = (priority: string): readonly number[] => priority.split(',').map(Number);
  const order = (): readonly number[] => slotsOf(configuration.text(PRIORITY)).filter((slot) => profiles.has(slot));
  const go = (slot: number | undefined): void => {
    const [from, to] = [profiles.get(current), slot === undefined ? undefined : profiles.get(slot)];
    if (slot === undefined || to === undefined || slot === current) return;
    if (from?.password === undefined) shared = configuration.text('AuthorizationKey');
    current = slot;
    refusals = 0;
    configuration.set('OCPPCommCtrlr.ActiveNetworkProfile', String(slot));
    configuration.set('SecurityProfile', String(to.securityProfile));
    configuration.set('AuthorizationKey', to.password ?? shared);
    beside.moveTo(to.url, to.answerMs);
  };
  /** Once it has come by a safer one there is no way back to those that are less safe (part 2, A05). */
  const leaveUnsafe = (): void => {
    const safe = configuration.number('SecurityProfile');
    const unsafe = [...profiles].filter(([, { securityProfile }]) => securityProfile < safe).map(([slot]) => slot);
    if (unsafe.length === 0) return;
    for (const slot of unsafe) profiles.delete(slot);
    configuration.set(PRIORITY, order().join(','));
  };
  beside.watch((event) => {
    if (event.kind === 'connected') {
      refusals = 0;
      leaveUnsafe();
    }
    if (event.kind !== 'refused') return;
    refusals += 1;
    if (refusals < configuration.number('OCPPCommCtrlr.NetworkProfileConnectionAttempts')) return;
    const slots = order();
    go(slots[(slots.indexOf(current) + 1) % Math.max(1, slots.length)]);
  });
  const SetNetworkProfile: Command = (payload) => {
    const slot = whole(payload['configurationSlot']);
    const data = record(payload['connectionData']);
    const at = text(data?.['ocppCsmsUrl']);
    if (slot === undefined || at === undefined) return malformed('configurationSlot or ocppCsmsUrl is missing');
    if (!/^wss?:\/\//.test(at) || data?.['ocppTransport'] === 'SOAP') return status('Failed');
    const securityProfile = whole(data?.['securityProfile']) ?? 0;
    if (securityProfile >= 2 && !at.startsWith('wss:')) return status('Failed');
    // The one that it is on stays as it is, and nothing is less safe than that.
    const safe = securityProfile >= configuration.number('SecurityProfile');
    if (slot < 1 || slot > SLOTS || slot === current || !safe) return status('Rejected');
    const password = text(data?.['basicAuthPassword']);
    const seconds = whole(data?.['messageTimeout']) ?? 0;
    profiles.set(slot, {
      ...{ url: at, securityProfile },
      ...(seconds > 0 ? { answerMs: seconds * 1_000 } : {}),
      ...(password === undefined ? {} : { password }),
    });
    return status('Accepted');
  };
  const isUsable = (slot: number): boolean => {
    const profile = profiles.get(slot);
    return profile !== undefined && security.readyFor(profile.securityProfile);
  };
  return {
    commands: { SetNetworkProfile } satisfies Record<string, Command>,
    /** The station starts anew: at the first slot that it has. */
    restarting: () => go(order()[0]),
    /** Whether a setting may be so: an order names slots that are filled, and that it has the certificates for. */
    allows: (key: string, value: string): boolean => key !== PRIORITY || slotsOf(value).every(isUsable),
  };
};
