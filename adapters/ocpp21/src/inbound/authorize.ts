import { type Inbound, tariffType } from '@plugga/kit';
import { authorize as authorize2, isTrue } from '@plugga/ocpp201';
import type { Wire21 } from '../schema.ts';
import { RECKONS } from '../tariff.ts';

type Of<T> = T extends Inbound<infer P, infer R> ? { readonly request: P; readonly response: R } : never;
type Authorize = Of<ReturnType<typeof authorize2>>;
type Response = Authorize['response'] & { readonly tariff?: Readonly<Record<string, unknown>> };

/** As in 2.0.1, with a tariff that is the driver's own for a station that reckons by tariffs (I08). */
export const authorize = (wire: Wire21): Inbound<Authorize['request'], Response> => {
  const { read, reply, ...rest } = authorize2(wire);
  return {
    ...rest,
    response: wire.strict('AuthorizeResponse'),
    read: (payload, station) => {
      const { facts, ask } = read(payload, station);
      const wanted = ask?.question === 'authorize' && isTrue(station, RECKONS) === true;
      return { facts, ...(ask && { ask: wanted ? { ...ask, tariff: true as const } : ask }) };
    },
    reply: (outcome, payload, station) => ({
      ...reply(outcome, payload, station),
      ...(outcome.tariff !== undefined && { tariff: tariffType(outcome.tariff) }),
    }),
  };
};
