import type { StationEvent } from '../events.ts';
import type { Answered } from '../wire/calls.ts';
import type { Configuration } from './configuration.ts';
import { type About, bootNotification } from './messages/boot-notification.ts';
import { heartbeat as heartbeatMessage } from './messages/heartbeat.ts';

/** Whether the CSMS has accepted the station, how it asks again, and its heartbeat. */
export interface Registration {
  readonly accepted: boolean;
  /** The socket is open: boots when the station has been restarted since the last time, else is in service at once. */
  opened(): void;
  boot(): Promise<void>;
  /** The socket is gone: no timers until the next. */
  closed(): void;
  /** The station has been restarted: it must boot before anything else. */
  restarted(): void;
  /** HeartbeatInterval has changed. */
  beat(): void;
}

/** A CSMS that does not say when leaves the choice to the station (OCPP 1.6 section 4.2). */
const OWN_RETRY_SECONDS = 10;

export const registration = (o: {
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly configuration: Configuration;
  readonly about: () => About;
  /** 'asked': only when the CSMS triggers it; 'never': not even then, and nothing else is sent either. */
  readonly boots: 'always' | 'asked' | 'never';
  readonly emit: (event: StationEvent) => void;
  readonly inService: () => void;
}): Registration => {
  let accepted = false;
  let mustBoot = true;
  let heartbeat: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;

  const beat = (): void => {
    clearInterval(heartbeat);
    const seconds = o.configuration.number('HeartbeatInterval');
    // Liveness is a matter of the socket, so it runs in the world's time.
    if (seconds > 0) heartbeat = setInterval(() => void o.call('Heartbeat', heartbeatMessage()), seconds * 1_000);
  };
  const serve = (): void => {
    beat();
    o.inService();
  };
  const boot = async (): Promise<void> => {
    clearTimeout(again);
    if (o.boots === 'never') return;
    const answer = await o.call('BootNotification', bootNotification(o.about()));
    if (answer.kind === 'gone') return;
    const payload = answer.kind === 'result' ? answer.payload : {};
    const status = String(payload['status'] ?? 'Rejected');
    const seconds = Number(payload['interval'] ?? 0);
    accepted = status === 'Accepted';
    mustBoot = !accepted;
    if (accepted && seconds > 0) o.configuration.set('HeartbeatInterval', String(seconds));
    if (!accepted) again = setTimeout(() => void boot(), (seconds > 0 ? seconds : OWN_RETRY_SECONDS) * 1_000);
    o.emit({ kind: 'booted', status, heartbeatSeconds: seconds });
    if (accepted) serve();
  };

  return {
    get accepted() {
      return accepted && !mustBoot;
    },
    opened() {
      if (o.boots === 'asked') {
        mustBoot = false;
        accepted = true;
      }
      if (mustBoot) void boot();
      else serve();
    },
    boot,
    closed() {
      clearInterval(heartbeat);
      clearTimeout(again);
    },
    restarted() {
      mustBoot = true;
      accepted = false;
    },
    beat,
  };
};
