import { duration } from '../format/times.ts';
import { useText } from '../language/index.ts';
import { linesOf, scheduleOf, type Period } from '../state/said.ts';
import { Moment } from './clock.tsx';

/** What a station said, by the names that it gave. */
export function Said({ said }: { readonly said: unknown }) {
  const lines = linesOf(said);
  if (lines.length === 0) return <>–</>;
  return (
    <ul className="said">
      {lines.map(([name, value]) => (
        <li key={name}>
          <span className="faint">{name}</span> {value}
        </li>
      ))}
    </ul>
  );
}

const restOf = ({ rest }: Period): string => rest.map(([name, value]) => `${name} ${value}`).join(', ');

/** How much from when on. */
export function ScheduleText({ said }: { readonly said: unknown }) {
  const { t } = useText();
  const schedule = scheduleOf(said);
  if (schedule === undefined) return <Said said={said} />;
  return (
    <ul className="said">
      {schedule.start === undefined ? null : (
        <li>
          {t('charging.scheduleFrom')} <Moment at={schedule.start} />
        </li>
      )}
      {schedule.periods.map((it) => (
        <li key={it.ms}>
          <span className="faint">{t('charging.after', { duration: duration(it.ms) })}</span>{' '}
          {it.limit === undefined ? null : `${it.limit} ${schedule.unit}`} {restOf(it)}
        </li>
      ))}
    </ul>
  );
}
