import type { ReportPart } from '@plugga/kit';
import { numberOf } from '@plugga/wire';

/** Which part of which report a message is; numbers that count nothing are 0. */
export const reportPart = ({
  requestId,
  seqNo,
  tbc,
}: {
  readonly requestId: unknown;
  readonly seqNo?: unknown;
  readonly tbc?: unknown;
}): ReportPart => ({ request: numberOf(requestId) ?? 0, part: numberOf(seqNo) ?? 0, last: tbc !== true });
