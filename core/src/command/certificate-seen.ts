import { createHash, X509Certificate } from 'node:crypto';
import type { CertificateHash, CommandResult } from '@plugga/kit';

type ReadBack = NonNullable<Extract<CommandResult, { readonly readBack?: unknown }>['readBack']>;

/** Numbers are written with or without zeros in front, in either case. */
const numberOf = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '');
const algorithms = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' } as const;

/** Whether a certificate that a station says it has installed is in the list that it gives. */
export function installedSeen(pem: string, read: CommandResult): ReadBack {
  const listed = listedIn(read);
  if (typeof listed === 'string') return { seen: false, detail: `it could not be read back: ${listed}` };
  let own: { readonly serial: string; readonly issuer: Uint8Array };
  try {
    const { raw, serialNumber } = new X509Certificate(pem);
    own = { serial: numberOf(serialNumber), issuer: issuerOf(raw) };
  } catch {
    return { seen: false, detail: 'what was installed is no certificate that can be read here' };
  }
  const isIt = ({ algorithm, issuerNameHash, serialNumber }: CertificateHash): boolean =>
    numberOf(serialNumber) === own.serial &&
    issuerNameHash.toLowerCase() === createHash(algorithms[algorithm]).update(own.issuer).digest('hex');
  return listed.some(isIt)
    ? { seen: true, detail: 'installed' }
    : { seen: false, detail: `it is not among the ${listed.length} that the station lists` };
}

/** Whether one that it says it has deleted is in none of its lists any more. */
export function deletedSeen(gone: CertificateHash, reads: readonly CommandResult[]): ReadBack {
  for (const read of reads) {
    const listed = listedIn(read);
    if (typeof listed === 'string') return { seen: false, detail: `it could not be read back: ${listed}` };
    const isThere = listed.some(
      (it) =>
        it.algorithm === gone.algorithm &&
        numberOf(it.serialNumber) === numberOf(gone.serialNumber) &&
        it.issuerNameHash.toLowerCase() === gone.issuerNameHash.toLowerCase(),
    );
    if (isThere) return { seen: false, detail: 'the station still lists it' };
  }
  return { seen: true, detail: 'deleted' };
}

const listedIn = (read: CommandResult): readonly CertificateHash[] | string =>
  'certificates' in read && read.certificates !== undefined ? read.certificates : (read.detail ?? read.status);

/** The issuer's name as it is written in the certificate (RFC 5280 section 4.1), which is what OCSP and OCPP hash. */
function issuerOf(der: Uint8Array): Uint8Array {
  const certificate = elementAt(der, 0);
  const body = elementAt(der, certificate.content);
  let at = body.content;
  // version [0] is left out in version 1
  if (der[at] === 0xa0) at = elementAt(der, at).end;
  const serial = elementAt(der, at);
  const algorithm = elementAt(der, serial.end);
  return der.subarray(algorithm.end, elementAt(der, algorithm.end).end);
}

/** Where the content of the element of DER at that place begins, and where the element ends. */
function elementAt(der: Uint8Array, at: number): { readonly content: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 128) return { content: at + 2, end: at + 2 + first };
  const bytes = first & 127;
  const length = der.subarray(at + 2, at + 2 + bytes).reduce((sum, byte) => sum * 256 + byte, 0);
  return { content: at + 2 + bytes, end: at + 2 + bytes + length };
}
