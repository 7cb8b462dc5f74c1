import type { Credentials } from '../../wire/socket.ts';
import type { Configuration } from '../configuration.ts';
import type { Upkeep } from '../upkeep.ts';

/** What the station shows at a handshake, by its security profile: password, roots it trusts, its own certificate. */
export const credentialsOf = (
  configuration: Configuration,
  { store, security }: Upkeep,
  passwordAs: 'text' | 'bytes' | undefined,
): Credentials => {
  const key = configuration.text('AuthorizationKey');
  const isHex = /^([0-9a-f]{2})+$/i.test(key);
  const password = passwordAs === 'bytes' && isHex ? Buffer.from(key, 'hex') : key;
  const roots = store.of('CentralSystemRootCertificate').map(String);
  const certificate = security.own();
  return {
    ...(key === '' || configuration.number('SecurityProfile') === 3 ? {} : { password }),
    ...(roots.length === 0 ? {} : { roots }),
    ...(certificate === undefined ? {} : { certificate }),
  };
};
