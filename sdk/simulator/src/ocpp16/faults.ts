import type { Faults } from '../station.ts';
import type { Socket } from '../wire/socket.ts';
import type { Stamps } from './stamps.ts';

/** The faults that a test or a scenario asks for. */
export const faultsOf = (o: {
  readonly line: Socket;
  readonly url: string;
  readonly losing: Set<string>;
  readonly stamps: Stamps;
  readonly powerOff: () => void;
  readonly powerOn: () => void;
  readonly say: (text: string) => boolean;
  readonly reuseIds: (on: boolean) => void;
  readonly breakDown: (connector: number, errorCode: string | undefined) => void;
  readonly breakInstall: () => void;
  readonly limitFromOutside: Faults['limitFromOutside'];
}): Faults => {
  const { line } = o;
  let url = o.url;
  return {
    cutLine: () => line.cut(),
    offline: () => line.cut('offline'),
    online: () => line.dial(),
    loseAnswer: (action) => void o.losing.add(action),
    moveTo(to, leave = 'goodbye') {
      url = to;
      line.move(to, leave);
    },
    halfOpen: () => line.move(url, 'halfOpen'),
    get leftOpen() {
      return line.leftOpen;
    },
    powerOff: o.powerOff,
    powerOn: o.powerOn,
    sendText: o.say,
    clockLost: () => o.stamps.lost(),
    reuseIds: o.reuseIds,
    breakDown: o.breakDown,
    breakInstall: o.breakInstall,
    limitFromOutside: o.limitFromOutside,
  };
};
