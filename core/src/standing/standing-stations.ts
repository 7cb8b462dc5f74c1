import type { Log, StationId } from '@plugga/kit';
import type { IdentityStore } from '../station/identities.ts';
import { placeKey } from '../station/identities.ts';
import type { StationStore } from '../station/registry.ts';
import type { CatchUp, LateNews } from '../site/station-store.ts';
import { awayError, type Reach } from './reach.ts';
import type { Standing } from './standing.ts';

interface Deps {
  readonly standing: Standing;
  readonly reach: Reach;
}

/** What is known of a station that the database has not been told. */
type Late = { -readonly [K in keyof LateNews]: LateNews[K] };

/** The stations' rows: the database's while it answers, else what the standing file has of them. */
export function standingStations(
  o: Deps & {
    readonly rows: StationStore & { readonly catchUp: CatchUp };
    readonly onboarding: 'closed' | 'open';
    readonly log: Log;
    readonly node: string;
  },
): StationStore {
  const { rows, standing, reach } = o;
  /** Told when the database is back: the newest of each station. */
  const late = new Map<StationId, Late>();
  const lateOf = (station: StationId, generation: number): Late => {
    const known = late.get(station);
    if (known !== undefined) return known;
    const made: Late = { station, generation };
    late.set(station, made);
    return made;
  };

  const catchUp = async (): Promise<void> => {
    const news = [...late.values()];
    if (news.length === 0) return;
    late.clear();
    const told = await reach.ask('what happened meanwhile', () => rows.catchUp(news));
    if (told !== undefined) return;
    // Away again: what came in between is newer.
    for (const it of news) late.set(it.station, { ...it, ...late.get(it.station) });
  };
  reach.onBack(() => void catchUp().catch((error: unknown) => o.log.error('stations not caught up', { error })));

  return {
    find: async (identity) => {
      const found = await reach.ask('the station', () => rows.find(identity));
      if (found === undefined) {
        const known = standing.find(identity);
        if (known === undefined && (o.onboarding === 'open' || !standing.knowsAllStations()))
          throw awayError('whether the station exists is not known here');
        return known;
      }
      if (found.answer === undefined) {
        const gone = standing.find(identity);
        if (gone !== undefined) standing.stationGone(gone.station);
      } else standing.keepStations([{ credentials: found.answer, generation: 0 }]);
      return found.answer;
    },
    findById: async (station) => {
      const found = await reach.ask('the station', () => rows.findById(station));
      return found === undefined ? standing.findById(station) : found.answer;
    },
    adopt: async (identity) => {
      const adopted = await reach.ask('a new station', () => rows.adopt(identity));
      if (adopted === undefined) throw awayError('a new station cannot be let in');
      standing.keepStations([{ credentials: adopted.answer, generation: 0 }]);
      return adopted.answer;
    },
    knocked: async (identity, info) => void (await reach.ask('who knocked', () => rows.knocked(identity, info))),
    nextGeneration: async (station, protocol) => {
      const known = standing.generation(station);
      const counted = await reach.ask('the generation', () => rows.nextGeneration(station, protocol, known));
      const generation = counted?.answer.generation ?? known + 1;
      standing.raiseGeneration(station, generation);
      if (counted !== undefined) return counted.answer;
      Object.assign(lateOf(station, generation), { generation, online: true, protocol });
      return { generation, before: { node: undefined, online: false } };
    },
    whereabouts: async (station) => {
      const found = await reach.ask('where the station is', () => rows.whereabouts(station));
      if (found !== undefined) return found.answer;
      // Alone with the file, the newest connection that is known is the one here.
      return { generation: standing.generation(station), node: o.node, online: true, nodeLives: true };
    },
    offline: async (station, generation) => {
      const told = await reach.ask('who is offline', () => rows.offline(station, generation));
      if (told !== undefined) return;
      const news = lateOf(station, generation);
      if (news.generation <= generation) Object.assign(news, { generation, online: false });
    },
    booted: async (station, boot) => {
      const told = await reach.ask('the boot', () => rows.booted(station, boot));
      if (told === undefined) lateOf(station, standing.generation(station)).boot = boot;
    },
    seen: async (lastSeen) => void (await reach.ask('last seen', () => rows.seen(lastSeen))),
    // Told again at its next connection.
    renewed: async (station, renewed) =>
      void (await reach.ask('new credentials', () => rows.renewed(station, renewed))),
    deviated: async (tallies) => {
      const told = await reach.ask('deviations', () => rows.deviated(tallies));
      if (told === undefined) throw awayError('deviations are not written');
    },
    due: async (before, limit) => (await reach.ask('what is due', () => rows.due(before, limit)))?.answer ?? [],
  };
}

/** What hardware is called: made only with the database, since it is for ever. */
export function standingIdentities(o: Deps & { readonly identities: IdentityStore }): IdentityStore {
  const { identities, standing, reach } = o;
  return {
    read: async (tenant, station) => {
      const found = await reach.ask('the places', () => identities.read(tenant, station));
      if (found !== undefined) standing.keepPlaces(station, found.answer);
      const places = found?.answer ?? standing.places(station);
      if (places === undefined) throw awayError('what the hardware is called is not known here');
      return places;
    },
    ensure: async (tenant, station, evse, connector) => {
      const made = await reach.ask('a new connector', () => identities.ensure(tenant, station, evse, connector));
      if (made === undefined) throw awayError(`connector ${connector} of EVSE ${evse} has no identity yet`);
      const known = standing.places(station);
      if (known !== undefined)
        standing.keepPlaces(station, {
          ...known,
          places: new Map(known.places).set(placeKey(evse, connector), made.answer),
        });
      return made.answer;
    },
  };
}
