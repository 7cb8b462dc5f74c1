import type { CommandTable, NetworkProfile, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

const TIMEOUT_SECONDS = 30;

/** What 2.0.1 has no word for, or cannot do without. */
const lackingIn201 = ({ interface: by, identity, password }: NetworkProfile): string | undefined => {
  if (by === undefined || by === 'Any') return 'OCPP 2.0.1: name the interface, such as Wired0';
  return identity === undefined && password === undefined
    ? undefined
    : 'OCPP 2.0.1 has no identity and no password in a network profile';
};

const apnOf = ({ apn, user, password, simPin, ...it }: NonNullable<NetworkProfile['apn']>) => ({
  apn,
  ...(user !== undefined && { apnUserName: user }),
  ...(password !== undefined && { apnPassword: password }),
  ...(simPin !== undefined && { simPin }),
  ...(it.preferredNetwork !== undefined && { preferredNetwork: it.preferredNetwork }),
  ...(it.onlyPreferred !== undefined && { useOnlyPreferredNetwork: it.onlyPreferred }),
  apnAuthentication: it.authentication,
});
const vpnOf = ({ sharedKey, ...it }: NonNullable<NetworkProfile['vpn']>) => ({ ...it, key: sharedKey });

/** [2,"id","SetNetworkProfile",{"configurationSlot":2,"connectionData":{"ocppVersion":"OCPP20","ocppTransport":"JSON","ocppCsmsUrl":"wss://csms.example/ocpp","messageTimeout":30,"securityProfile":2,"ocppInterface":"Wired0"}}] */
export const setNetworkProfile = (wire: Wire2): Outbound<CommandTable['setNetworkProfile']> =>
  wire.oneCall({
    action: 'SetNetworkProfile',
    payload: ({ slot, profile }, { protocol }) => {
      const lacking = protocol === 'ocpp2.0.1' ? lackingIn201(profile) : undefined;
      if (lacking !== undefined) return lacking;
      const { url, securityProfile, timeoutSeconds = TIMEOUT_SECONDS, identity, password, apn, vpn } = profile;
      return {
        configurationSlot: slot,
        connectionData: {
          // In 2.1 it is the subprotocol that says it.
          ...(protocol === 'ocpp2.0.1' && { ocppVersion: 'OCPP20' }),
          ...{ ocppTransport: 'JSON', ocppCsmsUrl: url, messageTimeout: timeoutSeconds, securityProfile },
          ocppInterface: profile.interface ?? 'Any',
          ...(identity !== undefined && { identity }),
          ...(password !== undefined && { basicAuthPassword: password }),
          ...(apn !== undefined && { apn: apnOf(apn) }),
          ...(vpn !== undefined && { vpn: vpnOf(vpn) }),
        },
      };
    },
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Failed: 'rejected' },
  });
