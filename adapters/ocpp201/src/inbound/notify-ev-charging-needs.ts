import type { ChargingNeeds, Inbound } from '@plugga/kit';
import { integerOf, isMembers, type Members, wordOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { stationOr } from './where.ts';

interface Payload {
  readonly evseId?: unknown;
  readonly maxScheduleTuples?: unknown;
  readonly chargingNeeds?: Members;
}
interface Reply {
  readonly status: string;
  readonly statusInfo?: { readonly reasonCode: string; readonly additionalInfo?: string };
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const present = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const needsOf = ({ chargingNeeds: said = {}, maxScheduleTuples }: Payload): ChargingNeeds => {
  const ac = isMembers(said['acChargingParameters']) ? said['acChargingParameters'] : {};
  const dc = isMembers(said['dcChargingParameters']) ? said['dcChargingParameters'] : {};
  const v2x = said['v2xChargingParameters'];
  const available = said['availableEnergyTransfer'];
  return {
    transfer: wordOf(said['requestedEnergyTransfer']) ?? 'unknown',
    ...present({
      available: Array.isArray(available) ? available.flatMap((it) => wordOf(it) ?? []) : undefined,
      departureAt: wordOf(said['departureTime']),
      energyWh: number(ac['energyAmount'] ?? dc['energyAmount']),
      minAmperes: number(ac['evMinCurrent']),
      maxAmperes: number(ac['evMaxCurrent'] ?? dc['evMaxCurrent']),
      maxVolts: number(ac['evMaxVoltage'] ?? dc['evMaxVoltage']),
      maxWatts: number(dc['evMaxPower']),
      capacityWh: number(dc['evEnergyCapacity']),
      soc: number(dc['stateOfCharge']),
      fullSoc: number(dc['fullSoC']),
      bulkSoc: number(dc['bulkSoC']),
      maxPeriods: integerOf(maxScheduleTuples),
      controlMode: wordOf(said['controlMode']),
      mobilityNeedsMode: wordOf(said['mobilityNeedsMode']),
      v2x: isMembers(v2x) ? v2x : undefined,
      der: isMembers(said['derChargingParameters']) ? said['derChargingParameters'] : undefined,
      offer: isMembers(said['evEnergyOffer']) ? said['evEnergyOffer'] : undefined,
    }),
  };
};

/** [2,"id","NotifyEVChargingNeeds",{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"AC_three_phase",…}}] */
export const notifyEvChargingNeeds = (wire: Wire2): Inbound<Payload, Reply> => ({
  request: wire.tolerant('NotifyEVChargingNeedsRequest', { kind: 'plain' }),
  response: wire.strict('NotifyEVChargingNeedsResponse'),
  read: (payload) => {
    const evse = stationOr(payload.evseId);
    const needs = needsOf(payload);
    return { facts: [{ kind: 'chargingNeeds', evse, needs }], ask: { question: 'chargingNeeds', evse, needs } };
  },
  reply: ({ chargingNeeds }, _, { protocol }) => {
    switch (chargingNeeds?.decision) {
      case 'accept':
        return { status: 'Accepted' };
      case 'later':
        return { status: 'Processing' };
      case 'refuse':
        return {
          status: 'Rejected',
          ...(chargingNeeds.reason !== undefined && {
            statusInfo: { reasonCode: 'Refused', additionalInfo: chargingNeeds.reason.slice(0, 512) },
          }),
        };
      case undefined:
        // Nobody plans: the vehicle charges by what is installed. 2.1 has a word of its own for it.
        return { status: protocol === 'ocpp2.1' ? 'NoChargingProfile' : 'Rejected' };
    }
  },
});
