import { createHash, X509Certificate } from 'node:crypto';
import { type CertificateHash } from '@plugga/kit';
import { testAuthority } from '@plugga/testing';
import { expect, it } from 'vitest';
import { deletedSeen, installedSeen } from './certificate-seen.ts';

const { cert } = testAuthority('Root');
const { serialNumber } = new X509Certificate(cert);
// SEQUENCE { SET { SEQUENCE { OID 2.5.4.3, UTF8String "Root" } } }
const name = Buffer.from('300f310d300b06035504030c04526f6f74', 'hex');
const listed = (o: Partial<CertificateHash> = {}): CertificateHash => ({
  algorithm: 'SHA256',
  issuerNameHash: createHash('sha256').update(name).digest('hex'),
  issuerKeyHash: 'of the key',
  serialNumber,
  ...o,
});
const list = (...certificates: CertificateHash[]) => ({ status: 'accepted', certificates }) as const;

it.each([
  ['as we would write it', listed()],
  ['in capitals, with a zero in front', listed({ serialNumber: `0${serialNumber.toUpperCase()}` })],
  [
    'hashed otherwise',
    listed({ algorithm: 'SHA512', issuerNameHash: createHash('sha512').update(name).digest('hex') }),
  ],
])('a certificate that the station lists %s is installed', (_, it) => {
  expect(installedSeen(cert, list(listed({ serialNumber: '01' }), it))).toEqual({ seen: true, detail: 'installed' });
});

it.each([
  ['another number', list(listed({ serialNumber: '01' })), /not among the 1/],
  ['the number of another issuer', list(listed({ issuerNameHash: 'aa' })), /not among the 1/],
  ['nothing', list(), /not among the 0/],
  ['no list', { status: 'unsupported', detail: 'NotImplemented' } as const, /could not be read back: NotImplemented/],
])('where it lists %s, it is not seen', (_, read, why) => {
  expect(installedSeen(cert, read)).toEqual({ seen: false, detail: expect.stringMatching(why) });
});

it('what is no certificate is not seen, whatever is listed', () => {
  expect(installedSeen('-----BEGIN CERTIFICATE-----', list(listed()))).toMatchObject({ seen: false });
});

it('a certificate is deleted when no list has it', () => {
  expect(deletedSeen(listed(), [list(), list(listed({ serialNumber: '01' }))])).toEqual({
    seen: true,
    detail: 'deleted',
  });
  expect(deletedSeen(listed(), [list(), list(listed())])).toMatchObject({ seen: false });
  expect(deletedSeen(listed(), [list(), { status: 'timeout', detail: 'no answer' }])).toMatchObject({
    ...{ seen: false, detail: expect.stringContaining('no answer') },
  });
});
