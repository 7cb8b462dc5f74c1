import type { Context } from '../commands/context.ts';
import { type MadeChain, madeChain } from './contract-chain.ts';
import { hashDataOf } from './hash-data.ts';

/** Block M: whether certificates are still good, asked of the CSMS before a car looks at them. */
export interface CertificateStatus {
  /** The station's own chain, which cars check: asked for anew after a week (part 2, M06). */
  own(): Promise<void>;
  /** The chain of a car of part 20 (2.1); false when one of it is revoked. */
  car(chain: MadeChain): Promise<boolean>;
}

const WEEK_MS = 7 * 86_400_000;

export const certificateStatus = ({ hands, beside, options }: Context): CertificateStatus => {
  let known: number | undefined;
  let ours: Promise<MadeChain> | undefined;
  return {
    async own() {
      if (known !== undefined && hands.now() - known < WEEK_MS) return;
      ours ??= madeChain(options.identity, 'Charging Station Operator');
      const { chain, root } = await ours;
      let good = true;
      for (const ocspRequestData of hashDataOf(chain, [root]) ?? []) {
        const answer = await beside.call('GetCertificateStatus', { ocspRequestData });
        good &&= answer.kind === 'result' && answer.payload['status'] === 'Accepted';
      }
      // Without an answer it goes on with nothing to show, and asks again at the next car.
      if (good) known = hands.now();
    },
    async car({ chain, root }) {
      const certificateStatusRequests = (hashDataOf(chain, [root]) ?? []).map(({ responderURL, ...hash }) => ({
        certificateHashData: hash,
        source: 'OCSP',
        urls: [responderURL],
      }));
      const answer = await beside.call('GetCertificateChainStatus', { certificateStatusRequests });
      if (answer.kind !== 'result') return true;
      const statuses = answer.payload['certificateStatus'];
      return !(Array.isArray(statuses) && statuses.some((one) => one?.status === 'Revoked'));
    },
  };
};
