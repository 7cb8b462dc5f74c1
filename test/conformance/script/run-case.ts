import type { Case, Twin } from './case.ts';
import type { Csms } from './csms.ts';
import { Failure } from './failure.ts';
import { Missing, openStage } from './stage.ts';
import type { Payload, Spoken } from './station.ts';

export type Outcome =
  | { readonly kind: 'passes' }
  | { readonly kind: 'fails'; readonly step: string; readonly why: string }
  /** Nobody does the operator's steps there, or it is not known where it listens over TLS. */
  | { readonly kind: 'notRun'; readonly needs: string };

const play = async (it: Case, csms: Csms, twist: (spoken: Spoken) => Payload): Promise<Outcome> => {
  const { stage, close } = openStage(csms, twist, it.version ?? '1.6');
  try {
    await it.run(stage);
    return { kind: 'passes' };
  } catch (error) {
    if (error instanceof Failure) return { kind: 'fails', step: error.step, why: error.message };
    if (error instanceof Missing) return { kind: 'notRun', needs: error.message };
    throw error;
  } finally {
    await close();
  }
};

export const runCase = (it: Case, csms: Csms): Promise<Outcome> => play(it, csms, ({ payload }) => payload);

/** Why the twin does not show that the case can fail; undefined when it does. */
export async function runTwin(it: Case, twin: Twin, csms: Csms): Promise<string | undefined> {
  let said = 0;
  let broken = false;
  const outcome = await play(it, csms, ({ who, action, payload }) => {
    if (who !== twin.who || action !== twin.action) return payload;
    said += 1;
    if (twin.nth !== undefined && twin.nth !== said) return payload;
    broken = true;
    return typeof twin.change === 'function' ? twin.change(payload) : { ...payload, ...twin.change };
  });
  if (!broken) return `${twin.who} ${twin.action}: it was never said`;
  if (outcome.kind !== 'fails') return `it ${outcome.kind === 'passes' ? 'passes all the same' : 'was not run'}`;
  return outcome.step.includes(twin.fails) ? undefined : `it fails elsewhere: ${outcome.why}`;
}
