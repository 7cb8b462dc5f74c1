type Given = Readonly<Record<string, unknown>>;

/** A tariff of an EVSE, 0 all of them, or of a driver. */
export interface Assigned {
  readonly tariff: Given;
  readonly evseId?: number;
  readonly idTag?: string;
}

/** The tariffs that a station of 2.1 holds. */
export interface Tariffs {
  all(): readonly Assigned[];
  /** In place of the one that began, or will begin, there at the same time. */
  setDefault(evseId: number, tariff: Given): void;
  ofDriver(idTag: string, tariff: Given): void;
  /** How many went. */
  clear(fits: (one: Assigned) => boolean): number;
  /** That of the driver before that of the EVSE, that before the one of all. */
  at(evseId: number, idTag: string, now: number): Given | undefined;
  /** A running transaction has another one from now on. */
  change(transactionId: string, tariff: Given): void;
  /** What a transaction was changed to. */
  changedTo(transactionId: string): Given | undefined;
  /** Called with each change, and with the transaction. */
  watch(changed: (transactionId: string, tariff: Given) => void): void;
}

const since = ({ validFrom }: Given): number => (typeof validFrom === 'string' ? Date.parse(validFrom) : -Infinity);

export const tariffsKept = (): Tariffs => {
  let kept: readonly Assigned[] = [];
  const changes = new Map<string, Given>();
  const watchers: ((transactionId: string, tariff: Given) => void)[] = [];
  const put = (added: Assigned): void => {
    kept = [
      ...kept.filter(
        (one) => one.evseId !== added.evseId || one.idTag !== added.idTag || since(one.tariff) !== since(added.tariff),
      ),
      added,
    ];
  };
  /** The one that began last. */
  const inForce = (fits: (one: Assigned) => boolean, now: number): Given | undefined =>
    kept
      .filter((one) => fits(one) && since(one.tariff) <= now)
      .sort((a, b) => since(a.tariff) - since(b.tariff))
      .at(-1)?.tariff;
  return {
    all: () => kept,
    setDefault: (evseId, tariff) => put({ evseId, tariff }),
    ofDriver: (idTag, tariff) => put({ idTag, tariff }),
    clear(fits) {
      const left = kept.filter((one) => !fits(one));
      const gone = kept.length - left.length;
      kept = left;
      return gone;
    },
    at: (evseId, idTag, now) =>
      inForce((one) => one.idTag === idTag, now) ??
      inForce((one) => one.evseId === evseId, now) ??
      inForce((one) => one.evseId === 0, now),
    change(transactionId, tariff) {
      changes.set(transactionId, tariff);
      for (const changed of watchers) changed(transactionId, tariff);
    },
    changedTo: (transactionId) => changes.get(transactionId),
    watch: (changed) => void watchers.push(changed),
  };
};
