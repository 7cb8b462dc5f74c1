import type { SiteClock } from '@plugga/console';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { StationWithVariables } from '../../api/types.ts';
import { useText, type TextId } from '../../language/index.ts';
import { CommandList } from '../../parts/command-list.tsx';
import type { Asked, GiveCommand } from '../../parts/command.ts';
import { ProblemNotice } from '../../parts/notice.tsx';
import { ByClock, useSiteClock } from '../../parts/site-clock.tsx';
import { Panel } from '../../parts/panel.tsx';

interface Field {
  readonly name: string;
  readonly label: TextId;
  readonly type: 'text' | 'number' | 'datetime-local' | 'url' | 'choice';
  readonly required?: boolean;
  readonly choices?: readonly (readonly [value: string, text: TextId])[];
  readonly hint?: TextId;
}
type Values = Readonly<Record<string, string>>;

interface Order {
  readonly type: Asked['type'];
  readonly fields: readonly Field[];
  /** `at` gives the moment of a time that was typed, by the clock of the site. */
  readonly asked: (values: Values, at: (local: string | undefined) => string | undefined) => Asked;
}

const evse: Field = { name: 'evse', label: 'order.evse', type: 'number', hint: 'order.evseHint' };
const unit: Field = {
  name: 'unit',
  label: 'order.unit',
  type: 'choice',
  choices: [
    ['watts', 'order.watts'],
    ['amperes', 'order.amperes'],
  ],
};

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '' ? undefined : Number(text);
const given = <K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [name]: value } as Record<K, V>);

/** What is asked more seldom; the daily ones have their buttons on the overview. */
const groups: readonly (readonly [title: TextId, orders: readonly Order[]])[] = [
  [
    'order.limits',
    [
      {
        type: 'limit',
        fields: [evse, unit, { name: 'rate', label: 'order.rate', type: 'number', hint: 'order.rateHint' }],
        asked: ({ evse, unit, rate }) => ({
          type: 'limit',
          ...given('evse', numberOf(evse)),
          [unit === 'amperes' ? 'amperes' : 'watts']: numberOf(rate) ?? null,
        }),
      },
      {
        type: 'compositeSchedule',
        fields: [evse, { name: 'seconds', label: 'order.seconds', type: 'number', required: true }],
        asked: ({ evse, seconds }) => ({
          type: 'compositeSchedule',
          evse: numberOf(evse) ?? 0,
          seconds: Number(seconds),
        }),
      },
      {
        type: 'clearProfile',
        fields: [evse],
        asked: ({ evse }) => ({ type: 'clearProfile', ...given('evse', numberOf(evse)) }),
      },
    ],
  ],
  [
    'order.reservations',
    [
      {
        type: 'reserve',
        fields: [
          { ...evse, required: true },
          { name: 'token', label: 'sessions.token', type: 'text', required: true },
          { name: 'until', label: 'sessions.to', type: 'datetime-local', required: true },
        ],
        asked: ({ evse, token, until }, at) => ({
          type: 'reserve',
          evse: Number(evse),
          token: token ?? '',
          expiresAt: at(until) ?? '',
        }),
      },
      {
        type: 'cancelReservation',
        fields: [{ name: 'reservation', label: 'order.reservation', type: 'number', required: true }],
        asked: ({ reservation }) => ({ type: 'cancelReservation', reservation: Number(reservation) }),
      },
    ],
  ],
  [
    'order.localList',
    [
      {
        type: 'writeLocalList',
        fields: [
          {
            name: 'mode',
            label: 'order.mode',
            type: 'choice',
            choices: [
              ['differential', 'order.differential'],
              ['full', 'order.full'],
            ],
          },
        ],
        asked: ({ mode }) => ({ type: 'writeLocalList', mode: mode === 'full' ? 'full' : 'differential' }),
      },
      { type: 'readLocalList', fields: [], asked: () => ({ type: 'readLocalList' }) },
      { type: 'clearCache', fields: [], asked: () => ({ type: 'clearCache' }) },
    ],
  ],
  [
    'order.firmware',
    [
      {
        type: 'updateFirmware',
        fields: [
          { name: 'url', label: 'order.url', type: 'url', required: true },
          { name: 'when', label: 'order.when', type: 'datetime-local', hint: 'order.whenHint' },
        ],
        asked: ({ url, when }, at) => ({ type: 'updateFirmware', url: url ?? '', ...given('retrieveAt', at(when)) }),
      },
    ],
  ],
];

function Control({
  field,
  values,
  set,
}: {
  readonly field: Field;
  readonly values: Values;
  readonly set: (name: string, value: string) => void;
}) {
  const { t } = useText();
  const id = useId();
  const common = { id, required: field.required === true, value: values[field.name] ?? '' };
  const control: ReactNode =
    field.type === 'choice' ? (
      <select {...common} onChange={({ target }) => set(field.name, target.value)}>
        {field.choices?.map(([value, text]) => (
          <option key={value} value={value}>
            {t(text)}
          </option>
        ))}
      </select>
    ) : (
      <input
        {...common}
        type={field.type}
        {...(field.type === 'number' ? { min: 0, step: 'any' } : {})}
        onChange={({ target }) => set(field.name, target.value)}
      />
    );
  return (
    <div>
      <label htmlFor={id}>{t(field.label)}</label>
      {control}
      {field.hint === undefined ? null : <span className="faint hint">{t(field.hint)}</span>}
    </div>
  );
}

function OrderForm({
  order,
  give,
  online,
  clock,
}: {
  readonly order: Order;
  readonly give: GiveCommand;
  readonly online: boolean;
  readonly clock: SiteClock;
}) {
  const { t } = useText();
  const [values, setValues] = useState<Values>({});
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate(order.asked(values, (local) => clock.instant(local ?? '')));
  };
  return (
    <form className="order" onSubmit={submit}>
      <h3>{t(`command.${order.type}`)}</h3>
      <div className="filters">
        {order.fields.map((field) => (
          <Control
            key={field.name}
            field={field}
            values={values}
            set={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
          />
        ))}
        <button type="submit" className="button" disabled={!online || give.isPending}>
          {t('order.send')}
        </button>
      </div>
      {order.fields.some(({ type }) => type === 'datetime-local') ? <ByClock clock={clock} /> : null}
    </form>
  );
}

/** What else can be asked of a station: limits, reservations, its local list, its firmware; and what became of each. */
export function OrdersTab({ station, give }: { readonly station: StationWithVariables; readonly give: GiveCommand }) {
  const { t } = useText();
  const clock = useSiteClock(station.location);
  return (
    <div className="station">
      <div className="station-side">
        {station.online ? null : <p className="banner warning">{t('station.offlineActions')}</p>}
        {groups.map(([title, orders]) => (
          <Panel key={title} title={t(title)}>
            {orders.map((order) => (
              <OrderForm key={order.type} order={order} give={give} online={station.online} clock={clock} />
            ))}
          </Panel>
        ))}
      </div>
      <div className="station-side">
        {give.error === null ? null : <ProblemNotice problem={give.error} />}
        <Panel title={t('station.actions')}>
          <CommandList identity={station.identity} />
        </Panel>
      </div>
    </div>
  );
}
