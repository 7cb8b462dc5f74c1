import { type EventDef, type Logged, read, type Subscription, type TenantId, type Tx } from '@plugga/kit';

/** Which events a plugin gets, and how it is run on them. */
export interface Dispatch {
  wants(event: Logged): boolean;
  /** Types that it wants; undefined when it wants all. */
  readonly types: readonly string[] | undefined;
  /** Runs the handlers on events of one tenant, in order; neighbours that only the same onBatch wants go to it at once. */
  run(events: readonly Logged[], turn: (cause: Logged) => Promise<Tx>): Promise<void>;
}

type BatchSubscription = Extract<Subscription, { kind: 'batch' }>;

export const createDispatch = (subscriptions: readonly Subscription[]): Dispatch => {
  const every = subscriptions.some(({ kind }) => kind === 'every');
  const choosy = subscriptions.some((it) => it.kind === 'batch' && it.only !== undefined);
  const types = new Set(subscriptions.flatMap((it) => defsOf(it).map(({ type }) => type)));
  const wanting = (event: Logged) => subscriptions.filter((it) => isFor(it, event));

  return {
    types: every ? undefined : [...types],
    wants: (event) => every || (types.has(event.type) && (!choosy || subscriptions.some((it) => isFor(it, event)))),
    run: async (events, turn) => {
      let batch: Logged[] = [];
      let taker: BatchSubscription | undefined;
      const flush = async (): Promise<void> => {
        const last = batch.at(-1);
        if (taker === undefined || last === undefined) return;
        const [subscription, taken] = [taker, batch];
        [taker, batch] = [undefined, []];
        await runBatch(subscription, taken, await turn(last));
      };
      for (const event of events) {
        const subscribed = wanting(event);
        const only = subscribed.length === 1 ? subscribed[0] : undefined;
        if (only?.kind === 'batch') {
          if (taker !== only) await flush();
          taker = only;
          batch.push(event);
          continue;
        }
        await flush();
        if (subscribed.length === 0) continue;
        const tx = await turn(event);
        for (const subscription of subscribed) await runOne(subscription, event, tx);
      }
      await flush();
    },
  };
};

const defsOf = (subscription: Subscription): readonly EventDef[] =>
  subscription.kind === 'one' ? [subscription.def] : subscription.kind === 'batch' ? subscription.defs : [];

const isFor = (subscription: Subscription, event: Logged): boolean => {
  if (subscription.kind === 'every') return true;
  if (!defsOf(subscription).some(({ type }) => type === event.type)) return false;
  if (subscription.kind !== 'batch' || subscription.only === undefined) return true;
  try {
    return subscription.only(event);
  } catch {
    return true; // its handler is to say what is wrong with it, where a failing event can wait
  }
};

const runBatch = ({ defs, run }: BatchSubscription, events: readonly Logged[], tx: Tx): Promise<unknown> => {
  const defOf = new Map(defs.map((def) => [def.type, def]));
  const recorded = events.map((event) => read(defOf.get(event.type)!, event));
  return run(recorded as never, tx);
};

const runOne = (subscription: Subscription, event: Logged, tx: Tx): Promise<unknown> => {
  if (subscription.kind === 'every') return subscription.run(event, tx);
  if (subscription.kind === 'one') return subscription.run(read(subscription.def, event) as never, tx);
  return runBatch(subscription, [event], tx);
};

/** A batch apart by tenant; the order within each stays. */
export const byTenant = (events: readonly Logged[]): Map<TenantId, Logged[]> =>
  Map.groupBy(events, (event) => event.tenant);

/** What waits together when one of it fails: the session, else the stream. */
export const keyOf = (event: Logged): string => event.session ?? event.stream;
