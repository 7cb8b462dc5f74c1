import type { AskedCertificate, CertificateState, ContractStatus, ShownContract } from '@plugga/kit';
import { expect, test } from 'vitest';
import type { TokenDecision } from '../station/input.ts';
import { contractStatusOf, contractTold } from './contract.ts';

const one: AskedCertificate = {
  certificate: { algorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' },
  ...{ source: 'ocsp', urls: [] },
};
const hashes: ShownContract = { certificates: [one, one] };
const chain: ShownContract = { chain: 'PEM', certificates: [] };
const good: CertificateState = { status: 'good' };

test.each<readonly [string, ShownContract, Parameters<typeof contractStatusOf>[1], ContractStatus]>([
  ['all good', hashes, { certificates: [good, good] }, 'accepted'],
  ['nobody answers', hashes, undefined, 'chainError'],
  ['one is revoked', hashes, { certificates: [good, { status: 'revoked' }] }, 'revoked'],
  ['one is unknown', hashes, { certificates: [good, { status: 'unknown' }] }, 'chainError'],
  ['one has no answer', hashes, { certificates: [good] }, 'chainError'],
  ['the chain is judged good', chain, { certificates: [], contract: 'accepted' }, 'accepted'],
  ['nobody judges the chain', chain, { certificates: [] }, 'chainError'],
  ['the contract has ended', chain, { certificates: [], contract: 'cancelled' }, 'cancelled'],
  [
    'judged good, though nothing was heard of one',
    hashes,
    { certificates: [good, {}], contract: 'accepted' },
    'accepted',
  ],
  [
    'chain good, a hash revoked',
    { ...chain, ...hashes },
    { certificates: [good, { status: 'revoked' }], contract: 'accepted' },
    'revoked',
  ],
])('%s', (_, shown, answer, status) => expect(contractStatusOf(shown, answer)).toBe(status));

test.each<readonly [TokenDecision['status'], ContractStatus | undefined, ContractStatus | undefined]>([
  ['accepted', 'accepted', 'accepted'],
  ['blocked', 'accepted', 'cancelled'],
  ['invalid', 'accepted', 'cancelled'],
  ['concurrentTx', 'accepted', 'accepted'],
  ['noCredit', 'accepted', 'accepted'],
  ['blocked', 'revoked', 'revoked'],
  ['blocked', undefined, undefined],
])('of a token that is %s a contract that is %s is told as %s', (status, contract, told) => {
  expect(contractTold({ status }, contract)).toBe(told);
});
