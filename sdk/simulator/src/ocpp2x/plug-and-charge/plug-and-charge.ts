import type { Connector } from '../../ocpp16/connector.ts';
import type { Contract, Iso15118 } from '../../physics/vehicle.ts';
import type { Context } from '../commands/context.ts';
import { certificateStatus } from './certificate-status.ts';
import { type MadeChain, madeChain } from './contract-chain.ts';
import { hashDataOf } from './hash-data.ts';

type Given = Readonly<Record<string, unknown>>;

/** Longest certificate that an Authorize of 2.0.1 carries; 2.1 carries more. */
const MOST_PEM = { 'ocpp2.0.1': 5_500, 'ocpp2.1': 10_000 } as const;
const SCHEMAS = { 2: 'urn:iso:15118:2:2013:MsgDef', 20: 'urn:iso:std:iso:15118:-20:CommonMessages' } as const;

/** Blocks C and M: a car that pays by its own contract identifies itself when it is plugged in (part 2, C07, M01, M02, M06). */
export const plugAndCharge = (context: Context): void => {
  const { hands, beside, protocol, speech } = context;
  const { configuration } = hands;
  const status = certificateStatus(context);
  const made = new Map<string, Promise<MadeChain>>();

  const chainOf = ({ emaid, chain }: Contract): Promise<MadeChain> => {
    if (chain !== undefined) return Promise.resolve({ chain, root: '' });
    const known = made.get(emaid) ?? madeChain(emaid, 'Mobility Operator');
    made.set(emaid, known);
    return known;
  };
  /** The car has the station fetch its certificate. What passes between car and provider is closed to both of us. */
  const fetched = async ({ part = 2 }: Iso15118, { emaid, asks }: Contract): Promise<boolean> => {
    if (asks === undefined) return true;
    if (!configuration.on('ISO15118Ctrlr.ContractCertificateInstallationEnabled')) return false;
    const answer = await beside.call('Get15118EVCertificate', {
      iso15118SchemaVersion: SCHEMAS[part],
      action: asks,
      exiRequest: Buffer.from(`CertificateInstallationReq ${emaid}`).toString('base64'),
      ...(protocol === 'ocpp2.1' && part === 20
        ? { maximumContractCertificateChains: 1, prioritizedEMAIDs: [emaid] }
        : {}),
    });
    return answer.kind === 'result' && answer.payload['status'] === 'Accepted';
  };
  /** What is shown of a contract: the hashes of one that the station can check, else the certificate itself. */
  const shownOf = async ({ chain, root }: MadeChain): Promise<Given | undefined> => {
    const trusted = await hands.security.trustsContract(chain);
    const hashes = hashDataOf(chain, [root, ...hands.security.contractRoots()]);
    const data = hashes === undefined ? {} : { iso15118CertificateHashData: hashes };
    if (!beside.online())
      return trusted && configuration.on('ISO15118Ctrlr.ContractValidationOffline') ? {} : undefined;
    if (trusted && hashes !== undefined) return data;
    if (!configuration.on('ISO15118Ctrlr.CentralContractValidationAllowed')) return undefined;
    return chain.length > MOST_PEM[protocol] ? undefined : { certificate: chain, ...data };
  };
  const identify = async (connector: Connector, car: Iso15118, contract: Contract): Promise<void> => {
    if (beside.online()) {
      await status.own();
      if (!(await fetched(car, contract))) return;
    }
    const chain = await chainOf(contract);
    if (protocol === 'ocpp2.1' && car.part === 20 && beside.online() && !(await status.car(chain))) return;
    const shown = await shownOf(chain);
    // It left, or somebody else began, while certificates were looked at.
    if (shown === undefined || connector.running !== undefined) return;
    if (connector.outlet.vehicle()?.iso15118?.contract !== contract) return;
    speech.knowType(contract.emaid, 'eMAID');
    await beside.present(connector.number, contract.emaid, shown);
  };
  beside.watch((event) => {
    if (event.kind !== 'plugged' || !configuration.on('ISO15118Ctrlr.PnCEnabled')) return;
    const connector = hands.connectors.find((one) => one.number === event.connector);
    const car = connector?.outlet.vehicle()?.iso15118;
    if (connector === undefined || connector.running !== undefined || car?.contract === undefined) return;
    void identify(connector, car, car.contract);
  });
};
