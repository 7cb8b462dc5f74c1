import { energyWh } from '@plugga/simulator';
import { expect, test } from 'vitest';
import type { InvoiceView, SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { live, ours, token } from './live.ts';

interface Kept {
  readonly id: string;
  readonly action: string | null;
  readonly replayedAt: string | null;
}

test(
  'a stop whose content the database refuses is acknowledged, kept raw and shown; replayed it ends its session and is billed once',
  { timeout: 60_000 },
  async () => {
    await using site = await live(ours);
    const { operator, database } = site;
    const sessionNow = async (): Promise<SessionView> =>
      (await operator.all<SessionView>('sessions?station=FAULT-POISON'))[0]!;
    const kept = (): Promise<Kept[]> => operator.all('quarantine');

    const station = await site.station('FAULT-POISON');
    await database.query(`
      create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'this row cannot be stored' using errcode = '22000'; end $$;
      create trigger refuse before insert on core.event_log for each row when (new.type = 'session.ended') execute function refuse()`);
    const entry = await station.charge({ idTag: token, stopAfterWh: 2_000 });
    await station.settled();
    await eventually('the stop is in quarantine', 10_000, async () =>
      expect(await kept()).toMatchObject([{ action: 'StopTransaction', replayedAt: null }]),
    );
    expect((await sessionNow()).status).toBe('active');

    const [{ id }] = (await kept()) as [Kept];
    expect(await operator.post(`quarantine/${id}/replay`)).toMatchObject({ stored: false });
    await database.query('drop trigger refuse on core.event_log');
    expect(await operator.post(`quarantine/${id}/replay`)).toMatchObject({ stored: true });

    const [bill, ...more] = await eventually('the bill', 20_000, async () => {
      const bills = await operator.all<InvoiceView>('invoices');
      expect(bills.length).toBeGreaterThan(0);
      return bills;
    });
    expect(more).toEqual([]);
    expect(bill?.energyWh).toBe(energyWh(entry));
    expect(await sessionNow()).toMatchObject({
      status: 'closed',
      energyWh: energyWh(entry),
      meterStopWh: entry.meterStopWh,
    });
  },
);

test(
  'a station whose log another node has written to is let go without an answer, and what it says again is stored once',
  { timeout: 60_000 },
  async () => {
    await using site = await live(ours);
    const { operator, database } = site;
    const station = await site.station('FAULT-FENCE');
    station.plugIn(1);
    expect(await station.present(1, token)).toBe('Accepted');
    await station.next('metered', { withinMs: 20_000 });

    // What another node does that the station's newest connection came to.
    const closed = station.next('disconnected', { withinMs: 20_000 });
    await database.query(`update core.station_row set generation = generation + 1 where identity = 'FAULT-FENCE'`);
    await database.query(`
      insert into core.event_log (event_id, tenant, stream, seq, station, type, v, at, received_at, actor, data)
      select 'other-node-' || max(seq), max(tenant), stream, max(seq) + 1, stream, 'station.noted', 1, now(), now(), 'core', '{"topic":"test","data":null}'
      from core.event_log where stream = (select id from core.station_row where identity = 'FAULT-FENCE') group by stream`);
    await closed;
    const entry = station.end(1);
    await station.settled({ withinMs: 20_000 });
    const [bill, ...more] = await eventually('the bill', 20_000, async () => {
      const bills = await operator.all<InvoiceView>('invoices');
      expect(bills.length).toBeGreaterThan(0);
      return bills;
    });
    expect(more).toEqual([]);
    expect(bill?.energyWh).toBe(energyWh(entry));
  },
);

test(
  'a node that wrote a last word for a station after it had left does not throw it out: the station charges on',
  { timeout: 60_000 },
  async () => {
    await using site = await live(ours);
    const { operator, database } = site;
    const station = await site.station('FAULT-WORD');
    station.plugIn(1);
    expect(await station.present(1, token)).toBe('Accepted');
    await station.next('metered', { withinMs: 20_000 });

    const closed: number[] = [];
    station.watch((event) => event.kind === 'disconnected' && closed.push(event.code));
    // The seq may be taken in the same moment by what the station says.
    await eventually('the last word', 10_000, () =>
      database.query(`
      insert into core.event_log (event_id, tenant, stream, seq, station, type, v, at, received_at, actor, data)
      select 'left-node-' || max(seq), max(tenant), stream, max(seq) + 1, stream, 'station.noted', 1, now(), now(), 'core', '{"topic":"test","data":null}'
      from core.event_log where stream = (select id from core.station_row where identity = 'FAULT-WORD') group by stream`),
    );
    await station.next('metered', { withinMs: 20_000 });
    const entry = station.end(1);
    await station.settled({ withinMs: 20_000 });
    const [bill, ...more] = await eventually('the bill', 20_000, async () => {
      const bills = await operator.all<InvoiceView>('invoices');
      expect(bills.length).toBeGreaterThan(0);
      return bills;
    });
    expect(more).toEqual([]);
    expect(closed).toEqual([]);
    expect(bill?.energyWh).toBe(energyWh(entry));
  },
);
