import { type Command, malformed, status, text } from '../command.ts';

/** The certificate that was asked for with SignCertificate. */
export const certificateSigned: Command = async (payload, hands) => {
  const chain = text(payload['certificateChain']);
  if (chain === undefined) return malformed('certificateChain is missing');
  const { answer, after } = await hands.security.signed(chain);
  return status(answer, after);
};
