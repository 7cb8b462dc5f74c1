import type { ComponentVariable } from '../device-model.ts';
import type { Context } from '../commands/context.ts';
import type { Monitor } from './monitor.ts';

/** One event, as the station noticed it. */
export interface Noticed {
  readonly about: ComponentVariable;
  readonly trigger: 'Alerting' | 'Delta' | 'Periodic';
  readonly value: string;
  readonly severity: number;
  readonly kind: Monitor['kind'] | 'HardWiredNotification';
  readonly monitor?: number;
  readonly cleared?: boolean;
  readonly techCode?: string;
  readonly transactionId?: string;
}

/** Tells events by NotifyEvent: what was noticed at once goes out in one message. */
export interface Events {
  tell(noticed: readonly Noticed[]): void;
  /** SetMonitoringLevel: less urgent ones are not told. */
  level(severity: number): void;
}

export const events = ({ hands, beside, protocol }: Context): Events => {
  const { configuration } = hands;
  let nextId = 1;

  const dataOf = (one: Noticed, timestamp: string): Record<string, unknown> => ({
    eventId: nextId++,
    timestamp,
    trigger: one.trigger,
    actualValue: one.value,
    ...(one.cleared === undefined ? {} : { cleared: one.cleared }),
    ...(one.techCode === undefined ? {} : { techCode: one.techCode }),
    ...(one.transactionId === undefined ? {} : { transactionId: one.transactionId }),
    component: one.about.component,
    variable: one.about.variable,
    ...(one.monitor === undefined ? {} : { variableMonitoringId: one.monitor }),
    eventNotificationType: one.kind,
    ...(protocol === 'ocpp2.1' ? { severity: one.severity } : {}),
  });
  return {
    level: (severity) => configuration.set('MonitoringCtrlr.ActiveMonitoringLevel', String(severity)),
    tell(noticed) {
      // Without a line only what is urgent enough is kept until there is one (part 2, N07).
      const most = Math.min(
        configuration.number('MonitoringCtrlr.ActiveMonitoringLevel'),
        beside.online() ? 9 : configuration.number('MonitoringCtrlr.OfflineQueuingSeverity'),
      );
      const told = noticed.filter((one) => one.severity <= most);
      if (told.length === 0) return;
      const generatedAt = hands.stamp(hands.now());
      const eventData = told.map((one) => dataOf(one, generatedAt));
      beside.notify('NotifyEvent', { generatedAt, seqNo: 0, eventData });
    },
  };
};
