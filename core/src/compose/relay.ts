import type { Clock } from '../ports.ts';
import type { QuestionsFace } from '../plugins/questions.ts';
import type { ActorDeps } from '../station/actor-face.ts';
import { createCsrPace } from '../station/csr-pace.ts';
import { contractStatusOf } from '../token/contract.ts';

/** What a station waits for is answered at once, or not at all. */
const SOON_MS = 1_500;
/** A service outside is asked: below the 30 s after which stations give a message up. */
const SERVICE_MS = 20_000;

/** Puts questions of stations to plugins as they are. What nobody answers in time is not there. */
export const createRelay = (ask: QuestionsFace['ask'], clock: Clock): ActorDeps['relay'] => {
  const csrs = createCsrPace(clock);
  return async ({ tenant, station }, asked, asking) => {
    const soon = { tenant, deadlineMs: SOON_MS };
    const later = { tenant, deadlineMs: SERVICE_MS };
    switch (asked.question) {
      case 'dataTransfer': {
        const { question: _, ...rest } = asked;
        const found = await ask('dataTransfer', { ...rest, station }, soon);
        return { dataTransfer: found?.answer ?? { status: 'unknownVendorId' } };
      }
      case 'vatNumber': {
        const found = await ask('vatNumber', { station, vatNumber: asked.vatNumber }, soon);
        return found === undefined ? {} : { vatNumber: found.answer };
      }
      case 'signCertificate': {
        const { question: _, ...rest } = asked;
        const paced = csrs.refusal(station, asking.isAskedToSign);
        if (paced !== undefined) return { signCertificate: { accept: false, reason: paced }, paced: true };
        const found = await ask('signCertificate', { ...rest, names: asking.names, station }, soon);
        if (found === undefined)
          return { signCertificate: { accept: false, reason: 'nobody signs certificates here' } };
        if (found.answer.accept) csrs.signed(station);
        return { signCertificate: found.answer, by: found.plugin };
      }
      case 'chargingNeeds': {
        const { evse, needs } = asked;
        const transaction = asking.transactionOn(evse);
        const running = transaction === undefined ? {} : { transaction };
        const found = await ask('chargingNeeds', { station, evse, needs, ...running }, soon);
        return found === undefined ? {} : { chargingNeeds: found.answer, by: found.plugin };
      }
      case 'vehicleSchedule': {
        const { question: _, ...rest } = asked;
        const found = await ask('vehicleSchedule', { ...rest, station }, soon);
        return found === undefined ? {} : { vehicleSchedule: found.answer, by: found.plugin };
      }
      case 'dynamicSchedule': {
        const found = await ask('dynamicSchedule', { station, profile: asked.profile }, soon);
        return found === undefined ? {} : { dynamicSchedule: found.answer, by: found.plugin };
      }
      case 'contractCertificate': {
        const { question: _, ...rest } = asked;
        const found = await ask('contractCertificate', { ...rest, station }, later);
        return found === undefined ? {} : { contractCertificate: found.answer, by: found.plugin };
      }
      case 'certificateStatus': {
        const found = await ask('certificateStatus', { station, certificates: asked.certificates }, later);
        return found === undefined ? {} : { certificateStatus: found.answer.certificates, by: found.plugin };
      }
      case 'contract': {
        const { question: _, ...shown } = asked;
        const found = await ask('certificateStatus', { ...shown, station }, later);
        return { contract: contractStatusOf(shown, found?.answer), ...(found && { by: found.plugin }) };
      }
      default:
        asked satisfies never;
        return {};
    }
  };
};
