import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { Charging, StationWithVariables } from '../../api/types.ts';
import { energy, power } from '../../format/numbers.ts';
import { en } from '../../language/en.ts';
import { useText, type TextId } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said, ScheduleText } from '../../parts/said.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import { Grid } from './grid.tsx';
import { Swaps } from './swaps.tsx';

type Profile = Charging['profiles'][number];
type Limit = Charging['limits'][number];
type Needs = Charging['needs'][number];
type Vehicle = Charging['vehicle'][number];

/** A word of the protocol in the reader's language, where there is one for it. */
function Word({ of, word }: { readonly of: string; readonly word: string }) {
  const { t } = useText();
  const id = `${of}.${word}`;
  return <>{id in en ? t(id as TextId) : word}</>;
}
function Where({ evse }: { readonly evse: number }) {
  const { t } = useText();
  return <>{evse === 0 ? t('charging.station') : t('charging.evse', { evse })}</>;
}

const profileColumns: readonly Column<Profile>[] = [
  { id: 'evse', header: 'order.evse', name: true, cell: ({ evse }) => <Where evse={evse} /> },
  { id: 'purpose', header: 'charging.purpose', cell: ({ purpose }) => <Word of="charging.purpose" word={purpose} /> },
  { id: 'level', header: 'charging.stackLevel', numeric: true, cell: ({ stackLevel }) => stackLevel },
  { id: 'id', header: 'charging.id', numeric: true, cell: ({ id }) => id },
];

function Because({ limit: { gridCritical, localGeneration } }: { readonly limit: Limit }) {
  const { t } = useText();
  const said = [
    ...(gridCritical === true ? [t('charging.gridCritical')] : []),
    ...(localGeneration === true ? [t('charging.localGeneration')] : []),
  ];
  return <>{said.length === 0 ? '–' : said.join(', ')}</>;
}
function HowMuch({ schedules = [] }: { readonly schedules?: Limit['schedules'] }) {
  const { t } = useText();
  if (schedules.length === 0) return <>{t('charging.notTold')}</>;
  return schedules.map((it, index) => <ScheduleText key={index} said={it} />);
}
const limitColumns: readonly Column<Limit>[] = [
  { id: 'evse', header: 'order.evse', name: true, cell: ({ evse }) => <Where evse={evse} /> },
  { id: 'source', header: 'charging.source', cell: ({ source }) => <Word of="charging.source" word={source} /> },
  { id: 'much', header: 'charging.limit', cell: ({ schedules }) => <HowMuch schedules={schedules} /> },
  { id: 'why', header: 'charging.because', cell: (it) => <Because limit={it} /> },
  { id: 'since', header: 'charging.since', cell: ({ since }) => <Moment at={since} /> },
];

/** Those that have a word and a unit of ours; what else the vehicle said follows as it was said. */
function Asked({ needs }: Pick<Needs, 'needs'>) {
  const { t, language } = useText();
  const {
    transfer,
    available,
    departureAt,
    energyWh,
    maxWatts,
    soc,
    fullSoc,
    capacityWh,
    maxAmperes,
    maxVolts,
    v2x,
    der,
    offer,
    ...rest
  } = needs as Readonly<Record<string, unknown>>;
  const wh = (value: unknown) => (typeof value === 'number' ? energy(language, value) : undefined);
  const lines: readonly (readonly [TextId, string | undefined])[] = [
    ['charging.energyWanted', wh(energyWh)],
    ['charging.maxPower', typeof maxWatts === 'number' ? power(language, maxWatts) : undefined],
    ['charging.maxCurrent', typeof maxAmperes === 'number' ? `${maxAmperes} A` : undefined],
    ['charging.maxVoltage', typeof maxVolts === 'number' ? `${maxVolts} V` : undefined],
    ['charging.soc', typeof soc === 'number' ? `${soc} %` : undefined],
    ['charging.fullSoc', typeof fullSoc === 'number' ? `${fullSoc} %` : undefined],
    ['charging.capacity', wh(capacityWh)],
    ['charging.available', Array.isArray(available) ? available.join(', ') : undefined],
  ];
  const departs = typeof departureAt === 'string' && !Number.isNaN(Date.parse(departureAt)) ? departureAt : undefined;
  return (
    <>
      <b>
        <Word of="charging.transfer" word={String(transfer)} />
      </b>
      <ul className="said">
        {departs === undefined ? null : (
          <li>
            <span className="faint">{t('charging.departure')}</span> <Moment at={departs} />
          </li>
        )}
        {lines.flatMap(([name, value]) =>
          value === undefined
            ? []
            : [
                <li key={name}>
                  <span className="faint">{t(name)}</span> {value}
                </li>,
              ],
        )}
      </ul>
      {Object.keys(rest).length === 0 ? null : <Said said={rest} />}
      {v2x === undefined ? null : <More title="charging.v2x" said={v2x} />}
      {der === undefined ? null : <More title="charging.derAbilities" said={der} />}
      {offer === undefined ? null : <More title="charging.offer" said={offer} />}
    </>
  );
}
function More({ title, said }: { readonly title: TextId; readonly said: unknown }) {
  const { t } = useText();
  return (
    <>
      <b>{t(title)}</b>
      <Said said={said} />
    </>
  );
}
const needColumns: readonly Column<Needs>[] = [
  { id: 'evse', header: 'order.evse', name: true, cell: ({ evse }) => <Where evse={evse} /> },
  { id: 'needs', header: 'charging.asked', cell: ({ needs }) => <Asked needs={needs} /> },
  { id: 'decision', header: 'charging.decision', cell: (it) => <Decision needs={it} /> },
  { id: 'since', header: 'events.at', cell: ({ since }) => <Moment at={since} /> },
];
function Decision({ needs: { decision, by, reason } }: { readonly needs: Needs }) {
  const { t } = useText();
  return (
    <>
      <Word of="charging.decision" word={decision} />
      {typeof by === 'string' ? <div className="faint">{t('command.by', { actor: by })}</div> : null}
      {typeof reason === 'string' ? <div className="faint">{reason}</div> : null}
    </>
  );
}
function Judged({ schedule: { decision, reason } }: { readonly schedule: Vehicle }) {
  return (
    <>
      <Word of="charging.judged" word={typeof decision === 'string' ? decision : 'nobody'} />
      {typeof reason === 'string' ? <div className="faint">{reason}</div> : null}
    </>
  );
}
const vehicleColumns: readonly Column<Vehicle>[] = [
  { id: 'evse', header: 'order.evse', name: true, cell: ({ evse }) => <Where evse={evse} /> },
  { id: 'schedule', header: 'charging.schedule', cell: ({ schedule }) => <ScheduleText said={schedule} /> },
  { id: 'decision', header: 'charging.decision', cell: (it) => <Judged schedule={it} /> },
  { id: 'since', header: 'events.at', cell: ({ since }) => <Moment at={since} /> },
];

function Listed<T extends { readonly evse: number }>({
  id,
  title,
  none,
  columns,
  rows,
}: {
  readonly id: string;
  readonly title: TextId;
  readonly none: TextId;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
}) {
  const { t } = useText();
  return (
    <Panel title={t(title)}>
      {rows.length === 0 ? (
        <Empty title={t(none)} />
      ) : (
        <DataTable
          id={id}
          caption={t(title)}
          rows={rows}
          rowKey={(it) => `${it.evse} ${rows.indexOf(it)}`}
          columns={columns}
        />
      )}
    </Panel>
  );
}

/** What holds charging back at a station and what drives it: profiles, limits of others, vehicles, rules of the grid, swaps. */
export function ChargingTab({ station }: { readonly station: StationWithVariables }) {
  const { t } = useText();
  const { identity, protocol } = station;
  const charging = useQuery(queries.charging(identity));
  return (
    <Loaded read={charging}>
      {({ profiles, limits, needs, vehicle, priority, der }) => (
        <>
          <Listed
            {...{ id: 'profiles', title: 'charging.profiles', none: 'charging.noProfiles' }}
            {...{ columns: profileColumns, rows: profiles }}
          />
          {protocol === 'ocpp1.6' ? (
            <p className="faint">{t('charging.only16')}</p>
          ) : (
            <>
              <Listed
                {...{ id: 'limits', title: 'charging.limits', none: 'charging.noLimits' }}
                {...{ columns: limitColumns, rows: limits }}
              />
              <Listed
                {...{ id: 'needs', title: 'charging.needs', none: 'charging.noNeeds' }}
                {...{ columns: needColumns, rows: needs }}
              />
              <Listed
                {...{ id: 'vehicle', title: 'charging.vehicle', none: 'charging.noVehicle' }}
                {...{ columns: vehicleColumns, rows: vehicle }}
              />
            </>
          )}
          {priority.length === 0 ? null : (
            <Panel title={t('charging.priority')}>
              <p>{t('charging.priorityText', { transactions: priority.join(', ') })}</p>
            </Panel>
          )}
          {protocol === 'ocpp2.1' ? (
            <>
              <Grid station={station} der={der} />
              <Swaps station={station} />
            </>
          ) : null}
        </>
      )}
    </Loaded>
  );
}
