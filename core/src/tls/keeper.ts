import type { X509Certificate } from 'node:crypto';
import { fail, instant, type Log } from '@plugga/kit';
import type { Clock } from '../ports.ts';
import { endingOf } from './expiry.ts';
import { readTlsFiles, type TlsFiles, type TlsMaterial } from './files.ts';

const LOOK_MS = 30_000;
const WARN_MS = 24 * 3_600_000;

/** The TLS listener's certificates while the process lives: read again when their files change, or when that is asked for. */
export interface TlsKeeper {
  readonly material: TlsMaterial;
  /** Who may vouch for a station. */
  anchors(): readonly X509Certificate[];
  /** From now on whatever is read is given to the listener. */
  start(renew: (material: TlsMaterial) => void): void;
  /** Reads the files now. What is wrong with them is said, and what was good before goes on being shown. */
  reload(): void;
  stop(): void;
}

/** Throws `invalid-config` where the files are no good: there is nothing to go on with yet. */
export function keepTls(o: { readonly files: TlsFiles; readonly clock: Clock; readonly log: Log }): TlsKeeper {
  const { files, clock, log } = o;
  const first = readTlsFiles(files);
  if (first.material === undefined) throw fail('invalid-config', first.problems.join('\n'));
  let material = first.material;
  let said = '';
  let renew: ((material: TlsMaterial) => void) | undefined;
  const cancels = new Map<string, () => void>();

  const warn = (): void => {
    for (const it of material.shown) {
      const ending = endingOf(it, clock.now());
      if (ending?.over === true) log.error('TLS certificate has expired', { detail: ending.text });
      else if (ending !== undefined) log.warn('TLS certificate expires soon', { detail: ending.text });
    }
  };

  const look = (asked: boolean): void => {
    const found = readTlsFiles(files);
    if (found.material === undefined) {
      // Between the writing of a certificate and of its key they do not fit: said once, and looked at again.
      const problems = found.problems.join('; ');
      if (asked || problems !== said) log.error('TLS certificates not read again, the old ones stay', { problems });
      said = problems;
      return;
    }
    said = '';
    if (!asked && textOf(found.material) === textOf(material)) return;
    try {
      renew?.(found.material);
    } catch (error) {
      return log.error('TLS certificates not taken, the old ones stay', { error });
    }
    material = found.material;
    log.info('TLS certificates read', { certificates: material.shown.map(({ subject }) => subject) });
    warn();
  };

  const every = (name: string, ms: number, run: () => void): void => {
    const again = (): void => {
      const cancel = clock.at(instant(clock.now() + ms), () => {
        again();
        run();
      });
      cancels.set(name, cancel);
    };
    again();
  };

  return {
    get material() {
      return material;
    },
    anchors: () => material.anchors,
    start: (to) => {
      renew = to;
      warn();
      every('look', LOOK_MS, () => look(false));
      every('warn', WARN_MS, warn);
    },
    reload: () => look(true),
    stop: () => {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}

const textOf = ({ cert, key, anchors }: TlsMaterial): string =>
  [...cert, ...key, ...anchors.map(({ fingerprint256 }) => fingerprint256)].join('\n');
