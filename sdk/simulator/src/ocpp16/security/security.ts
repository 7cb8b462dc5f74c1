import { createPrivateKey, type X509Certificate } from 'node:crypto';
import type { Answered } from '../../wire/calls.ts';
import type { Configuration } from '../configuration.ts';
import {
  certificateOf,
  type CertificateHash,
  type CertificateStore,
  chainOf,
  isIssuedBy,
  isTimely,
  type RootType,
} from './certificates.ts';
import { securityEventNotification } from '../messages/security-event-notification.ts';
import { signCertificate } from '../messages/sign-certificate.ts';
import { signingRequest } from './signing-request.ts';

/** The station's own certificate and its key. */
export interface OwnCertificate {
  readonly chain: string;
  readonly privateKey: string;
}

/** Certificates, keys and security events of the station (security extension of OCPP 1.6). */
export interface Security {
  install(type: RootType, pem: string): Promise<'Accepted' | 'Rejected' | 'Failed'>;
  remove(hash: Readonly<Record<string, unknown>>): Promise<'Accepted' | 'Failed' | 'NotFound'>;
  installed(type: RootType): Promise<readonly CertificateHash[]>;
  /** CertificateSigned: the answer, and what follows from it. */
  signed(chain: string): Promise<{ readonly answer: 'Accepted' | 'Rejected'; readonly after: () => void }>;
  /** Makes a key pair and asks the CSMS to sign it. */
  request(): Promise<void>;
  /** Whether the certificate that signs a firmware comes from a manufacturer's root that is installed. */
  trustsSigner(pem: string): Promise<boolean>;
  /** Whether a car's contract comes from a provider's root, or from that of the vehicle-to-grid operator, that is installed. */
  trustsContract(chain: string): Promise<boolean>;
  /** PEM of the roots that contracts come from. */
  contractRoots(): readonly string[];
  /** Whether it has the certificates that a line of that security profile takes. */
  readyFor(profile: number): boolean;
  /** Whether a security setting may be changed so: the profile only rises, and only to what it has certificates for. */
  allows(key: string, value: string): boolean;
  event(type: string, about?: string): void;
  own(): OwnCertificate | undefined;
  keep(): OwnCertificate | undefined;
}

export const security = (o: {
  readonly serialNumber: string;
  readonly configuration: Configuration;
  readonly store: CertificateStore;
  readonly now: () => number;
  readonly stamp: (at: number) => string;
  readonly log: (line: string) => void;
  readonly notify: (action: string, payload: Record<string, unknown>) => void;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  /** The own certificate has changed. */
  readonly renewed: () => void;
  readonly past?: OwnCertificate | undefined;
}): Security => {
  const { store, configuration } = o;
  let own = o.past;
  let pending: string | undefined;

  const event = (type: string, about?: string): void => {
    o.log(`security event ${type}${about === undefined ? '' : ` ${about}`}`);
    o.notify('SecurityEventNotification', securityEventNotification({ type, timestamp: o.stamp(o.now()), about }));
  };
  /** Whether the first certificate of a chain is issued, by at most one between, by one of the roots. */
  const isFrom = (pem: string, roots: readonly X509Certificate[]): boolean => {
    const signer = certificateOf(pem);
    const between = chainOf(pem)?.slice(1) ?? [];
    const trusted = (one: X509Certificate): boolean =>
      roots.some((root) => isIssuedBy(one, root) || root.fingerprint256 === one.fingerprint256);
    return (
      signer !== undefined &&
      isTimely(signer, o.now()) &&
      (trusted(signer) || between.some((one) => isIssuedBy(signer, one) && isTimely(one, o.now()) && trusted(one)))
    );
  };
  const ofContracts = (): X509Certificate[] => [...store.of('MORootCertificate'), ...store.of('V2GRootCertificate')];
  const isOurs = (chain: string): boolean => {
    const leaf = chainOf(chain)?.[0];
    if (leaf === undefined || pending === undefined || !isTimely(leaf, o.now())) return false;
    if (chain.length > configuration.number('CertificateSignedMaxChainSize')) return false;
    return leaf.checkPrivateKey(createPrivateKey(pending));
  };

  const readyFor = (profile: number): boolean =>
    (profile < 2 || store.of('CentralSystemRootCertificate').length > 0) && (profile !== 3 || own !== undefined);

  return {
    event,
    readyFor,
    own: () => own,
    keep: () => own,
    install: async (type, pem) => store.install(type, pem, o.now()),
    remove: async (hash) => store.remove(hash),
    installed: async (type) => store.hashes(type),
    async signed(chain) {
      if (!isOurs(chain)) return { answer: 'Rejected', after: () => event('InvalidChargePointCertificate') };
      own = { chain, privateKey: pending! };
      pending = undefined;
      return { answer: 'Accepted', after: o.renewed };
    },
    async request() {
      const organization = configuration.text('CpoName');
      const { csr, privateKey } = await signingRequest({ commonName: o.serialNumber, organization });
      // The certificate may come with the answer's own packet.
      pending = privateKey;
      const answer = await o.call('SignCertificate', signCertificate(csr));
      const taken = answer.kind === 'result' && answer.payload['status'] === 'Accepted';
      if (!taken && pending === privateKey) pending = undefined;
    },
    async trustsSigner(pem) {
      const good = isFrom(pem, store.of('ManufacturerRootCertificate'));
      if (!good) event('InvalidFirmwareSigningCertificate');
      return good;
    },
    trustsContract: async (chain) => isFrom(chain, ofContracts()),
    contractRoots: () => ofContracts().map((one) => one.toString()),
    allows(key, value) {
      if (key.toLowerCase() !== 'securityprofile') return true;
      const [now, wanted] = [configuration.number('SecurityProfile'), Number(value)];
      if (wanted <= now) return false;
      if (!readyFor(wanted)) return false;
      return wanted === 3 || (wanted < 3 && configuration.text('AuthorizationKey') !== '');
    },
  };
};
