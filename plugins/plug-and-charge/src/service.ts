import { type Log, type Outside, type Outcome, PluggaError, type Questions, z } from '@plugga/kit';

/** The service that signs contract certificates: of a mobility provider, or of a clearing house that speaks for many. */
export interface ContractService {
  readonly url: string;
  /** The header that lets us in, as a whole: `Bearer …`. */
  readonly authorization?: string | undefined;
}

/** Below the 20 s in which the station is answered. */
const WITHIN_MS = 15_000;
const MOST_BYTES = 65_536;
/** As long as the longest EXI message that a station takes (2.1). */
const answered = z.object({
  exiResponse: z.base64().min(4).max(17_000),
  remainingContracts: z.number().int().min(0).optional(),
});

const readAnswer = (body: Uint8Array): z.output<typeof answered> | undefined => {
  try {
    return answered.safeParse(JSON.parse(Buffer.from(body).toString('utf8'))).data;
  } catch {
    return undefined;
  }
};

/**
 * Passes a vehicle's request on and the answer back, both as they are: EXI in base64, which nobody between them reads. The words
 * around it are OCPP's own (Get15118EVCertificate).
 */
export async function contractFrom(
  service: ContractService,
  ask: Questions['contractCertificate']['ask'],
  o: { readonly outside: Outside; readonly log: Log; readonly signal: AbortSignal },
): Promise<NonNullable<Outcome['contractCertificate']>> {
  const failed = (reason: string, cause?: unknown) => {
    o.log.warn('no contract certificate', {
      station: ask.station,
      reason,
      ...(cause instanceof Error && { cause: cause.message }),
    });
    return { reason };
  };
  try {
    const { status, body } = await o.outside.request(service.url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json' },
        ...(service.authorization !== undefined && { authorization: service.authorization }),
      },
      body: JSON.stringify({
        iso15118SchemaVersion: ask.schema,
        action: ask.action === 'update' ? 'Update' : 'Install',
        exiRequest: ask.exi,
        ...(ask.mostChains !== undefined && { maximumContractCertificateChains: ask.mostChains }),
        ...(ask.emaids !== undefined && { prioritizedEMAIDs: ask.emaids }),
      }),
      ...{ withinMs: WITHIN_MS, mostBytes: MOST_BYTES, signal: o.signal },
    });
    if (status !== 200) return failed(`the contract service answered ${status}`);
    const answer = readAnswer(body);
    if (answer === undefined) return failed('the contract service answered what is no contract certificate');
    const { exiResponse, remainingContracts } = answer;
    return { exi: exiResponse, ...(remainingContracts !== undefined && { remaining: remainingContracts }) };
  } catch (error) {
    if (!(error instanceof PluggaError)) throw error;
    // Where it stands is no business of a station.
    const why = error.code === 'outside-refused' ? 'may not be reached' : 'did not answer';
    return failed(`the contract service ${why}`, error);
  }
}
