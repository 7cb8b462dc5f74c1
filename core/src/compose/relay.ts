import type { QuestionsFace } from '../plugins/questions.ts';
import type { ActorDeps } from '../station/actor-face.ts';

/** What a station waits for is answered at once, or not at all. */
const SOON_MS = 1_500;
/** A service outside is asked: below the 30 s after which stations give a message up. */
const SERVICE_MS = 20_000;

/** Puts questions of stations to plugins as they are. What nobody answers in time is not there. */
export const createRelay =
  (ask: QuestionsFace['ask']): ActorDeps['relay'] =>
  async ({ tenant, station }, asked, transaction) => {
    const soon = { tenant, deadlineMs: SOON_MS };
    const later = { tenant, deadlineMs: SERVICE_MS };
    switch (asked.question) {
      case 'chargingNeeds': {
        const { evse, needs } = asked;
        const running = transaction === undefined ? {} : { transaction };
        const found = await ask('chargingNeeds', { station, evse, needs, ...running }, soon);
        return found === undefined ? {} : { chargingNeeds: found.answer, by: found.plugin };
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
      default:
        asked satisfies never;
        return {};
    }
  };
