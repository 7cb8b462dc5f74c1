import type { StationId } from '@plugga/kit';
import type { Chance } from './chance.ts';
import type { Asked } from './make.ts';
import { TOKENS, tokenIdOf } from './furnish.ts';
import type { Slot } from './real-database.ts';
import type { Stage } from './stage.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const CLOCKS = [-2 * HOUR, -5 * MINUTE, -SECOND, 0, SECOND, 5 * MINUTE, 2 * HOUR];

/** What happens beside what stations, line and database do by themselves: stalls, full disks, set clocks, and operators. */
export function nemesis(stage: Stage, slot: Slot, chance: Chance): void {
  const { world, time, faults, trace } = stage;
  const { rates } = faults;
  const rare = (share: number): boolean => chance.of(rates.world * share);

  const next = (): void => {
    if (!faults.active) return;
    const { node } = stage;
    if (node !== undefined && rare(2)) {
      faults.happened('FI-15 stall');
      const ms = chance.between(1, 8) * SECOND;
      trace.say(node.process.name, `stalls ${ms} ms`);
      node.process.stalledUntil = time.now + ms;
    }
    if (rates.disk > 0 && rare(1)) {
      faults.happened('FI-11 disk full');
      world.machine.disk.fullUntil = time.now + chance.pick([5, 30, 120]) * SECOND;
      trace.say('disk', 'full');
    }
    if (rates.clock && rare(2)) {
      faults.happened('FI-14 clock step');
      world.clockAhead = chance.pick(CLOCKS);
      trace.say('world', `the server's clock is ${world.clockAhead} ms ahead`);
    }
    if (chance.of(0.15)) void command();
    // One that is cut short by the next crash is part of it.
    if (chance.of(0.02)) node?.keepBooks(MINUTE).catch((error: unknown) => trace.say('bookkeeper', String(error)));
    time.after(chance.between(5, 40) * SECOND, next);
  };

  const command = async (): Promise<void> => {
    const { node } = stage;
    const { identity } = chance.pick(stage.stations);
    if (node === undefined) return;
    const name = chance.pick(['start', 'start', 'start', 'stop', 'unlock', 'reset'] as const);
    if (name === 'reset' && !rare(5)) return;
    // Where no EVSE is named the station chooses one.
    const evse = chance.pick([1, 2, undefined, undefined]);
    const payload = {
      start: {
        ...(evse !== undefined && { evse }),
        tokenId: tokenIdOf(world.tenant, chance.below(TOKENS.own.length)),
      },
      stop: { session: name === 'stop' ? await time.real(() => openSession(slot, identity)) : undefined },
      reset: { kind: 'soft' },
      unlock: { evse: 1 },
    }[name];
    if ('session' in payload && payload.session === undefined) return;
    trace.say('operator', `${name} at ${identity}`);
    await node
      .command(identity as StationId, name, payload)
      .catch((error: unknown) => trace.say('operator', String(error)));
  };

  time.after(10 * SECOND, next);
  for (const { identity, mixed } of stage.stations)
    for (const asked of mixed?.asked ?? []) askAgain(stage, chance.fork(identity), identity, asked);
}

/** What an operator asks of a make, now. */
export function ask(
  { node, trace, world }: Pick<Stage, 'node' | 'trace' | 'world'>,
  identity: string,
  asked: Asked,
): void {
  // Tokens are asked for by their id.
  const { token, ...rest } = asked.payload;
  const payload = typeof token === 'number' ? { ...rest, tokenId: tokenIdOf(world.tenant, token) } : asked.payload;
  trace.say('operator', `${asked.name} at ${identity}`);
  node
    ?.command(identity as StationId, asked.name, payload)
    .catch((error: unknown) => trace.say('operator', String(error)));
}

/** What an operator asks of a make where that differs, again and again: a line may be away, a station may be busy. */
function askAgain(stage: Stage, chance: Chance, identity: string, asked: Asked): void {
  const { faults, time } = stage;
  const next = (): void => {
    if (!faults.active) return;
    ask(stage, identity, asked);
    time.after(chance.between(3, 9) * MINUTE, next);
  };
  time.after(chance.between(1, 4) * MINUTE, next);
}

/** One that an operator may stop. */
export async function openSession(slot: Slot, station: string): Promise<string | undefined> {
  const { rows } = (await slot.query(
    `select id from core.session_row where station = $1 and status = 'active' order by first_seq limit 1`,
    [station],
  )) as { rows: { id: string }[] };
  return rows[0]?.id;
}
