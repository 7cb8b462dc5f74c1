import { webcrypto } from 'node:crypto';

/** A key pair of the station and the request for its certificate. */
export interface SigningRequest {
  /** PKCS#10, PEM. */
  readonly csr: string;
  /** PKCS#8, PEM. */
  readonly privateKey: string;
}

const pemOf = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

/** The library is read in only when a station asks for a certificate: fleets never do. */
export const signingRequest = async (o: {
  readonly commonName: string;
  readonly organization: string;
}): Promise<SigningRequest> => {
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [o.commonName] }, ...(o.organization === '' ? [] : [{ O: [o.organization] }])],
      keys,
      signingAlgorithm: algorithm,
    },
    webcrypto,
  );
  return {
    csr: pemOf('CERTIFICATE REQUEST', request.rawData),
    privateKey: pemOf('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
};
