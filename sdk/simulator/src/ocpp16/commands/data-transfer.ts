import { type Command, malformed, status, text } from '../command.ts';

/** The station's own vendor gets its data back; it knows no other. */
export const dataTransfer: Command = (payload, hands) => {
  const vendor = text(payload['vendorId']);
  if (vendor === undefined) return malformed('vendorId is missing');
  if (vendor !== hands.vendor) return status('UnknownVendorId');
  return { result: { status: 'Accepted', data: String(payload['data'] ?? '') } };
};
