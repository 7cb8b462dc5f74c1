import type { Inbound, VatCompany } from '@plugga/kit';
import { clip } from '@plugga/wire';
import { wire21 } from '../schema.ts';

interface Request {
  readonly vatNumber: string;
  readonly evseId?: number;
}
interface Response {
  readonly vatNumber: string;
  readonly evseId?: number;
  readonly status: 'Accepted' | 'Rejected';
  readonly company?: VatCompany;
}

const companyOf = ({ name, address1, address2, city, postalCode, country }: VatCompany): VatCompany => ({
  name: clip(name, 50),
  address1: clip(address1, 100),
  ...(address2 !== undefined && { address2: clip(address2, 100) }),
  city: clip(city, 100),
  ...(postalCode !== undefined && { postalCode: clip(postalCode, 20) }),
  country: clip(country, 50),
});

/** [2,"id","VatNumberValidation",{"vatNumber":"SE556677889901","evseId":1}] : nobody who knows it is no validation. */
export const vatNumberValidation: Inbound<Request, Response> = {
  request: wire21.tolerant('VatNumberValidationRequest', { kind: 'plain' }),
  response: wire21.strict('VatNumberValidationResponse'),
  read: ({ vatNumber }) => ({ facts: [{ kind: 'seen' }], ask: { question: 'vatNumber', vatNumber } }),
  reply: ({ vatNumber: answer }, { vatNumber, evseId }) => ({
    vatNumber: clip(vatNumber, 20),
    // One that is none is not said back: an answer of ours keeps to the schema.
    ...(evseId !== undefined && evseId >= 0 && { evseId }),
    status: answer?.valid === true ? 'Accepted' : 'Rejected',
    ...(answer?.valid === true && answer.company !== undefined && { company: companyOf(answer.company) }),
  }),
};
