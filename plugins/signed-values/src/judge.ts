import type { SignedReason, SignedVerdict } from '@plugga/kit';
import { Big } from 'big.js';
import { type Level, levelsOf } from './energy.ts';
import type { Ocmf } from './ocmf.ts';
import type { RecordCheck } from './verify.ts';

/** One record of a session, checked by itself. */
export interface Judged {
  readonly id: string;
  readonly sha256: string;
  readonly format: string;
  readonly context?: string;
  readonly record?: Ocmf;
  readonly check: RecordCheck;
  /** Another session that has the very same record. */
  readonly elsewhere?: string;
}

/** What is billed, and what the records must say. */
export interface Claim {
  readonly closing: string;
  readonly energyWh: number;
  /** UTC milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Policy {
  /** How far the meter's clock and the session's times may lie apart. */
  readonly toleranceSeconds: number;
  /** Takes readings whose clock was not set (time status U). */
  readonly acceptUnsynchronised: boolean;
  /** Takes numbers that are left out between begin and end: some meters count for several connectors. */
  readonly acceptGaps: boolean;
}

type Verified = Judged & { readonly record: Ocmf };
/** The level that is billed from, and the record that it stands in. */
interface Placed extends Level {
  readonly of: Verified;
}

const isVerified = (it: Judged): it is Verified => it.check.result === 'verified' && it.record !== undefined;

/** The whole of a closing: what each record is, and whether together they prove what is billed. Pure. */
export function judge(records: readonly Judged[], claim: Claim, policy: Policy): SignedVerdict {
  const told = records.map(({ id, sha256, format, context, record, check }) => ({
    ...{ id, sha256, format, result: check.result, reasons: [...check.reasons] },
    ...(context === undefined ? {} : { context }),
    ...(record?.meter === undefined ? {} : { meter: record.meter }),
  }));
  const format = (records.find((it) => it.format === 'OCMF') ?? records[0])?.format;
  const base = { records: told, closing: claim.closing, ...(format === undefined ? {} : { format }) };
  if (records.length === 0) return { ...base, result: 'none', reasons: [] };

  const of = (result: RecordCheck['result']): SignedReason[] =>
    distinct(records.filter(({ check }) => check.result === result).flatMap(({ check }) => check.reasons));
  const failures = of('failed');
  const doubts = of('unverified');
  const { reasons, begin, end } = proof(records.filter(isVerified), claim, policy);
  const said = {
    ...(begin?.of.record.meter === undefined ? {} : { meter: begin.of.record.meter }),
    ...(begin === undefined || end === undefined
      ? {}
      : { energyWh: end.wh.minus(begin.wh).round(0, Big.roundDown).toNumber() }),
  };
  if (failures.length > 0) {
    // What a record that failed would have said is not missing besides.
    const others = reasons.filter(({ code }) => code !== 'begin-missing' && code !== 'end-missing');
    return { ...base, ...said, result: 'failed', reasons: distinct([...failures, ...others]) };
  }
  // What is missing may stand in what could not be checked.
  const whole = begin !== undefined && end !== undefined;
  if (!whole && doubts.length > 0) return { ...base, ...said, result: 'unverified', reasons: doubts };
  if (reasons.length > 0) return { ...base, ...said, result: 'failed', reasons };
  return { ...base, ...said, result: 'verified', reasons: [] };
}

const distinct = (reasons: readonly SignedReason[]): SignedReason[] => [
  ...new Map(reasons.map((it) => [`${it.code} ${it.detail ?? ''}`, it])).values(),
];

/** Begin and end of the same register, and all that speaks against them. */
function proof(records: readonly Verified[], claim: Claim, policy: Policy) {
  const placed = (which: 'begin' | 'end'): Placed[] =>
    records.flatMap((of) => levelsOf(of.record)[which].map((level) => ({ ...level, of })));
  const begins = placed('begin');
  const ends = placed('end');
  const reasons: SignedReason[] = [];
  const say = (code: SignedReason['code'], detail: string): void => void reasons.push({ code, detail });

  // The first register that has both; a record with begin and end in it before two that were put together.
  const pairs = begins.flatMap((b) => ends.filter((e) => e.register === b.register).map((e) => [b, e] as const));
  const [begin, end] = pairs.find(([b, e]) => b.of === e.of) ?? pairs[0] ?? [begins[0], ends[0]];
  if (begin === undefined) say('begin-missing', 'no signed reading marks the begin of the transaction');
  if (end === undefined) say('end-missing', 'no signed reading marks its end');
  if (begin !== undefined && end !== undefined && begin.register !== end.register)
    say('end-missing', `begin is of register ${begin.register}, end of ${end.register}`);

  for (const { id, elsewhere } of records)
    if (elsewhere !== undefined) say('other-session', `record ${id} belongs to session ${elsewhere}`);
  const meters = [...new Set(records.map(({ record }) => record.meter ?? ''))];
  if (meters.length > 1) say('other-meter', `the records are of meters ${meters.join(' and ')}`);
  const strays = [...begins, ...ends].filter(({ register, wh, reading }) => {
    const own = reading.phase === 'B' ? begin : end;
    return own !== undefined && own.register === register && !own.wh.eq(wh);
  });
  if (strays.length > 0) say('other-session', 'there are several begins or ends, and they do not agree');

  for (const level of [begin, end]) if (level !== undefined) judgeLevel(level, say);
  if (records.some(({ record }) => record.readings.some(({ phase }) => phase === 'X')))
    say('error-flags', 'the meter marks an error while charging (TX X): what follows it may not be billed');
  if (begin !== undefined && end !== undefined) judgeEnergy(begin, end, claim, say);
  judgeTimes(begin, end, { claim, policy, say });
  judgeCounters(records, policy, say);
  return { reasons, begin, end };
}

type Say = (code: SignedReason['code'], detail: string) => void;

/** Of the readings that are billed from: `G` and no flag (OCMF 1.4, tables 7 and 10). */
function judgeLevel({ reading: { status, errorFlags, phase } }: Placed, say: Say): void {
  if (status !== 'G') say('meter-status', `at ${phase} the meter says ${status ?? 'nothing of its state'}, not G`);
  if (errorFlags.trim() !== '') say('error-flags', `at ${phase} the meter flags ${errorFlags.trim()}`);
}

/** Both registers are cut to their last place, ours to whole Wh: no more than that may lie between the differences. */
function judgeEnergy(begin: Placed, end: Placed, { energyWh }: Claim, say: Say): void {
  const signed = end.wh.minus(begin.wh);
  const steps = [begin.resolutionWh, end.resolutionWh, new Big(1)];
  const allowed = steps.reduce((most, it) => (it.gt(most) ? it : most));
  if (signed.lt(0)) say('energy-differs', `the signed register falls by ${signed.abs().toFixed()} Wh`);
  else if (signed.minus(energyWh).abs().gt(allowed))
    say('energy-differs', `${signed.toFixed()} Wh are signed, ${energyWh} Wh are billed`);
}

const iso = (ms: number): string => new Date(ms).toISOString();

function judgeTimes(
  begin: Placed | undefined,
  end: Placed | undefined,
  { claim, policy, say }: { readonly claim: Claim; readonly policy: Policy; readonly say: Say },
): void {
  const tolerance = policy.toleranceSeconds * 1000;
  const [from, until] = [claim.startedAt - tolerance, claim.endedAt + tolerance];
  const times: number[] = [];
  for (const level of [begin, end]) {
    if (level === undefined) continue;
    const { time, phase } = level.reading;
    if (time?.status === 'U' || time?.at === undefined) {
      if (!policy.acceptUnsynchronised)
        say('clock', `at ${phase} the meter's clock was ${time?.at === undefined ? 'not readable' : 'not set (U)'}`);
      continue;
    }
    times.push(time.at);
  }
  const [first, last = first] = times;
  if (first === undefined || last === undefined) return;
  if (last < first) say('clock', `its end ${iso(last)} lies before its begin ${iso(first)}`);
  else if (last < from || first > until)
    say(
      'other-session',
      `measured ${iso(first)} to ${iso(last)}, outside of ${iso(claim.startedAt)} to ${iso(claim.endedAt)}`,
    );
  else if (first < from || last > until)
    say(
      'clock',
      `measured ${iso(first)} to ${iso(last)}; the session is ${iso(claim.startedAt)} to ${iso(claim.endedAt)}`,
    );
}

/** "In between, no data records may have been removed or added" (OCMF 1.4): each number is the one before it and 1. */
function judgeCounters(records: readonly Verified[], { acceptGaps }: Policy, say: Say): void {
  const numbers = records
    .flatMap(({ record: { pagination } }) => (pagination?.context === 'T' ? [pagination.number] : []))
    .toSorted((a, b) => a - b);
  for (const [at, number] of numbers.entries()) {
    const before = numbers[at - 1];
    if (before === undefined) continue;
    if (number === before) say('counter-gap', `the number T${number} comes twice`);
    else if (number > before + 1 && !acceptGaps)
      say('counter-gap', `records between T${before} and T${number} are missing`);
  }
  const order = records
    .map(({ record }) => ({ number: record.pagination?.number, levels: levelsOf(record) }))
    .filter(({ number }) => number !== undefined);
  const begin = order.find(({ levels }) => levels.begin.length > 0)?.number;
  const end = order.findLast(({ levels }) => levels.end.length > 0)?.number;
  if (begin !== undefined && end !== undefined && end < begin)
    say('counter-gap', `the end is numbered T${end}, before the begin T${begin}`);
}
