import { energyWh } from '@plugga/simulator';
import { expect, test } from 'vitest';
import type { CdrView, InvoiceView, SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { live, ours, token } from './live.ts';

interface PluginView {
  readonly name: string;
  readonly parked: number;
  readonly waitsFor: string | null;
  readonly lastError: { readonly message: string } | null;
}

test(
  'a session that cannot be priced keeps its bill waiting, no other, and is billed once when tariffs can again',
  { timeout: 60_000 },
  async () => {
    await using site = await live(ours);
    const { operator, database } = site;
    const pluginNamed = async (name: string): Promise<PluginView> =>
      (await operator.all<PluginView>('plugins')).find((one) => one.name === name)!;
    const sessionAt = async (station: string): Promise<SessionView> =>
      (await operator.all<SessionView>(`sessions?station=${station}`))[0]!;
    const billAt = (station: string): Promise<InvoiceView> =>
      eventually(`the bill of ${station}`, 20_000, async () => {
        const bills = await operator.all<InvoiceView>(`invoices?session=${(await sessionAt(station)).id}`);
        expect(bills).toHaveLength(1);
        return bills[0]!;
      });

    const stuck = await site.station('FAULT-STUCK');
    stuck.plugIn(1);
    expect(await stuck.present(1, token)).toBe('Accepted');
    await stuck.next('metered', { withinMs: 20_000 });
    const { id: session } = await sessionAt('FAULT-STUCK');
    await spoil(database, session);
    const entry = stuck.end(1);
    await stuck.settled();

    await eventually('billing waits for tariffs', 20_000, async () => {
      expect(await pluginNamed('tariffs')).toMatchObject({ parked: 1, waitsFor: null });
      expect(await pluginNamed('billing')).toMatchObject({ parked: 1, waitsFor: 'tariffs' });
    });
    expect((await pluginNamed('tariffs')).lastError?.message).toContain('this row cannot be written');
    expect(await operator.all('plugins/billing/parked')).toMatchObject([{ key: session, waitsFor: 'tariffs' }]);

    // Meanwhile: another station, and the same one again.
    const other = await site.station('FAULT-OTHER');
    const visit = await other.charge({ idTag: token, stopAfterWh: 3_000 });
    await other.settled();
    expect((await billAt('FAULT-OTHER')).energyWh).toBe(energyWh(visit));
    expect(await operator.all(`cdrs?session=${session}`)).toEqual([]);

    await wearOut(database);
    expect(await operator.all('plugins/tariffs/parked')).toMatchObject([{ key: session, attempts: 8, dueAt: null }]);
    await mend(database);
    await operator.post(`plugins/tariffs/parked/${session}/retry`);

    const bill = await billAt('FAULT-STUCK');
    const wh = energyWh(entry)!;
    expect(bill).toMatchObject({ kind: 'invoice', energyWh: wh, ...priced(wh) });
    expect(await operator.all<CdrView>(`cdrs?session=${session}`)).toMatchObject([
      { kind: 'cdr', status: 'issued', energyWh: wh },
    ]);
    expect((await sessionAt('FAULT-STUCK')).cost).toMatchObject({ final: true, inclVat: bill.inclVat });
    await eventually('nothing waits', 10_000, async () => {
      for (const name of ['tariffs', 'billing'])
        expect(await pluginNamed(name)).toMatchObject({ parked: 0, waitsFor: null });
    });

    // The series goes on without a gap, in the order in which the bills could be made.
    const last = await other.charge({ idTag: token, stopAfterWh: 1_000 });
    await other.settled();
    const bills = await eventually('three bills', 20_000, async () => {
      const found = await operator.all<InvoiceView>('invoices');
      expect(found).toHaveLength(3);
      return found.toReversed();
    });
    expect(bills.map((one) => one.energyWh)).toEqual([energyWh(visit), wh, energyWh(last)]);
    const numbers = bills.map(({ number }) => Number(/\d+$/.exec(number)![0]));
    expect(numbers).toEqual([numbers[0]!, numbers[0]! + 1, numbers[0]! + 2]);
  },
);

/** The starter tariff: 4.00 SEK a kWh, VAT 25 % on it, half up to the öre. */
function priced(wh: number): { exclVat: string; vat: string; inclVat: string } {
  const halfUp = (value: bigint, by: bigint): bigint => (value * 2n + by) / (by * 2n);
  const net = halfUp(BigInt(wh) * 400n, 1_000n);
  const vat = halfUp(net * 25n, 100n);
  const text = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
  return { exclVat: text(net), vat: text(vat), inclVat: text(net + vat) };
}

type Database = Awaited<ReturnType<typeof live>>['database'];

/** One row of tariffs' own table can no longer be written: its final price cannot be kept. */
const spoil = (database: Database, session: string): Promise<unknown> =>
  database.query(`
    create function tariffs.spoilt() returns trigger language plpgsql as
      $$ begin raise exception 'this row cannot be written'; end $$;
    create trigger spoilt before update on tariffs.binding for each row
      when (old.session = '${session}') execute function tariffs.spoilt()`);
const mend = (database: Database): Promise<unknown> => database.query('drop trigger spoilt on tariffs.binding');

/** As after eight attempts, some of which are minutes apart: from there on an operator must act. */
const wearOut = (database: Database): Promise<unknown> =>
  database.query(`
    begin;
    select from core.plugin_cursor where plugin = 'tariffs' for update;
    update core.parked set attempts = 8, due_at = 'infinity' where plugin = 'tariffs';
    commit`);
