import type { StationEvent } from '../events.ts';
import { deliveredWhole, energyWh } from '../ledger.ts';
import { aVehicle, type Vehicle } from '../physics/vehicle.ts';
import type { VirtualStation } from '../station.ts';
import type { Step } from './schema.ts';

/** What a step acts on. */
export interface Acting {
  readonly station: VirtualStation;
  /** All that the station has gone through, oldest first; grows. */
  readonly events: readonly StationEvent[];
  /** Events before this one are over. */
  readonly since: number;
  readonly withinMs: number;
}

type Of<K extends Step['do']> = Extract<Step, { do: K }>;
type Actions = { readonly [K in Step['do']]: (step: Of<K>, acting: Acting) => void | Promise<void> };

const refuse = (why: string): never => {
  throw new Error(why);
};
interface Range {
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}
/** A number from least to most. */
const isRange = (wanted: unknown): wanted is Range =>
  typeof wanted === 'object' && wanted !== null && ('least' in wanted || 'most' in wanted);
/** Whether it has all that is wanted; more does not matter. */
const hasAll = (given: unknown, wanted: unknown): boolean => {
  if (typeof given === 'number' && isRange(wanted))
    return given >= (wanted.least ?? -Infinity) && given <= (wanted.most ?? Infinity);
  return has(given, wanted);
};
const has = (given: unknown, wanted: unknown): boolean =>
  typeof wanted === 'object' && wanted !== null
    ? typeof given === 'object' &&
      given !== null &&
      Object.entries(wanted).every(([key, value]) => hasAll((given as Record<string, unknown>)[key], value))
    : given === wanted;
const car = (given: Of<'plugIn'>['car']): Vehicle => aVehicle(given as Partial<Vehicle>);

/** Rejects after its time, naming the step. */
const inTime = async <T>(work: Promise<T>, acting: Acting, step: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`stalled: ${step} took over ${acting.withinMs / 1_000} s`)),
      acting.withinMs,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

const wait: Actions['wait'] = (step, { station, events, since, withinMs }) => {
  const wanted = step.count ?? 1;
  const fits = (event: StationEvent): boolean => event.kind === step.for && hasAll(event, step.where ?? {});
  const found = (): number => events.slice(since).filter(fits).length;
  if (found() >= wanted) return;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop();
      reject(new Error(`stalled: ${step.for} came ${found()} of ${wanted} times in ${withinMs / 1_000} s`));
    }, withinMs);
    const stop = station.watch(() => {
      if (found() < wanted) return;
      clearTimeout(late);
      stop();
      resolve();
    });
  });
};

const expectation: Actions['expect'] = (step, { station }) => {
  const { ledger } = station;
  const last = ledger.at(-1);
  const wh = ledger.reduce((sum, entry) => sum + (energyWh(entry) ?? 0), 0);
  const is = (what: string, wanted: unknown, given: unknown): void => {
    if (wanted !== undefined && wanted !== given) refuse(`${what} is ${String(given)}, not ${String(wanted)}`);
  };
  is('the number of transactions', step.transactions, ledger.length);
  is('delivered', step.delivered, ledger.every(deliveredWhole));
  is('undelivered', step.undelivered, station.undelivered);
  is('the reason', step.reason, last?.reason);
  is('the answer to the start', step.startStatus, last?.startStatus);
  is('the firmware', step.firmware, station.firmwareVersion);
  is('the version of the local list', step.localListVersion, station.localListVersion);
  is('the tariff', step.tariff, last?.tariffId);
  const within = (what: string, { least = -Infinity, most = Infinity }: Range, given: number, unit = ''): void => {
    if (given < least || given > most) refuse(`${what} is ${given}${unit}, not from ${least} to ${most}`);
  };
  if (step.cost !== undefined) {
    const shown = last?.cost ?? refuse('the display shows no cost');
    within('the cost', step.cost, shown.total);
    is('that the cost is final', step.cost.final, shown.final);
  }
  if (step.reckoned !== undefined) {
    const reckoned = last?.reckoned ?? refuse('the station reckons no cost');
    within('the reckoned cost', step.reckoned, Number(reckoned.inclTax));
    is('the currency', step.reckoned.currency, reckoned.currency);
    is('that the reckoned cost is final', step.reckoned.final, reckoned.final);
  }
  within('the energy', step.energyWh ?? {}, wh, ' Wh');
};

/** What each step does. */
export const actions: Actions = {
  start: (_, { station, withinMs }) => station.start({ withinMs }),
  plugIn: (step, { station }) => station.plugIn(step.connector ?? 1, car(step.car)),
  unplug: (step, { station }) => station.unplug(step.connector ?? 1),
  async present(step, acting) {
    const asked = acting.station.present(step.connector ?? 1, step.token);
    const status = await inTime(asked, acting, `the answer to ${step.token}`);
    if (step.gives !== undefined && status !== step.gives)
      refuse(`the token was answered ${status}, not ${step.gives}`);
  },
  begin: (step, { station }) => void station.begin(step.connector ?? 1, step.token),
  async charge(step, acting) {
    const visit = acting.station.charge({
      connector: step.connector ?? 1,
      idTag: step.token,
      vehicle: car(step.car),
      ...(step.wh === undefined ? {} : { stopAfterWh: step.wh }),
      ...(step.seconds === undefined ? {} : { stopAfterSeconds: step.seconds }),
    });
    await inTime(visit, acting, 'the visit');
  },
  stop: (step, { station }) =>
    void station.end(step.connector ?? 1, {
      ...(step.reason === undefined ? {} : { reason: step.reason }),
      ...(step.transactionId === undefined ? {} : { claimedId: step.transactionId }),
      ...(step.twice === undefined ? {} : { twice: step.twice }),
      ...(step.withheld === undefined ? {} : { withheld: step.withheld }),
    }),
  wait,
  settle: (_, { station, withinMs }) => station.settled({ withinMs }),
  async send(step, acting) {
    const answer = await inTime(acting.station.call(step.action, step.payload), acting, `the answer to ${step.action}`);
    if (step.gives === undefined) return;
    const given = answer.kind === 'result' ? answer.payload : answer;
    if (!hasAll(given, step.gives))
      refuse(`${step.action} was answered ${JSON.stringify(given)}, not ${JSON.stringify(step.gives)}`);
  },
  sendText: (step, { station }) => {
    if (!station.faults.sendText(step.text)) refuse('there is no line to send it on');
  },
  securityEvent: (step, { station }) => station.securityEvent(step.type, step.about),
  requestCertificate: (_, acting) =>
    inTime(acting.station.requestCertificate(), acting, 'the answer to SignCertificate'),
  cutLine: (_, { station }) => station.faults.cutLine(),
  offline: (_, { station }) => station.faults.offline(),
  online: (_, { station }) => station.faults.online(),
  powerOff: (_, { station }) => station.faults.powerOff(),
  powerOn: (_, { station }) => station.faults.powerOn(),
  halfOpen: (_, { station }) => station.faults.halfOpen(),
  clockLost: (_, { station }) => station.faults.clockLost(),
  limitFromOutside: ({ watts, source, connector, gridCritical, localGeneration }, { station }) =>
    station.faults.limitFromOutside({
      watts,
      ...(source === undefined ? {} : { source }),
      ...(connector === undefined ? {} : { connector }),
      ...(gridCritical === undefined ? {} : { gridCritical }),
      ...(localGeneration === undefined ? {} : { localGeneration }),
    }),
  hurry: (step, { station }) => station.hurry(step.connector ?? 1, step.on),
  breakInstall: (_, { station }) => station.faults.breakInstall(),
  loseAnswer: (step, { station }) => station.faults.loseAnswer(step.action),
  reuseIds: (step, { station }) => station.faults.reuseIds(step.on),
  breakDown: (step, { station }) => station.faults.breakDown(step.connector ?? 1, step.errorCode),
  expect: expectation,
};
