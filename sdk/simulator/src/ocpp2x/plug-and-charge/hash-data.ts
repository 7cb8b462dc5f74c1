import { type CertificateHash, chainOf, hashOf } from '../../ocpp16/security/certificates.ts';

/** What a responder is asked about a certificate (OCSPRequestDataType). */
export type OcspData = CertificateHash & { readonly responderURL: string };

/** Most that a message holds. */
const MOST = 4;

/**
 * Of each certificate of a chain, a root apart, that names its responder; undefined when one does not, as nothing could be
 * asked about it. The issuer of the last must be in the chain or among the roots.
 */
export const hashDataOf = (pem: string, roots: readonly string[] = []): readonly OcspData[] | undefined => {
  const chain = chainOf(pem);
  if (chain === undefined || chain.length === 0) return undefined;
  const issuers = [...chain, ...roots.flatMap((root) => chainOf(root) ?? [])];
  const issued = chain.filter((one) => !one.checkIssued(one));
  const data = issued.slice(0, MOST).map((one) => {
    const [, responderURL] = /OCSP - URI:(\S+)/.exec(one.infoAccess ?? '') ?? [];
    return responderURL === undefined ? undefined : { ...hashOf(one, issuers), responderURL };
  });
  return data.every((one) => one !== undefined) ? data : undefined;
};
