import type { Log } from '@plugga/kit';
import { type DestinationStream, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export interface LogOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the lines go; standard error when left out, so that standard output stays for data. */
  readonly to?: DestinationStream;
  /** Fields of every line. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** One JSON line an event, redacted. error: someone must act; warn: it healed itself; info: a business event. */
export function createLog({ level = 'info', to = pino.destination(2), fields = {} }: LogOptions = {}): Log {
  return faceOf(
    pino(
      {
        level,
        base: redact(fields) as Record<string, unknown>,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        messageKey: 'msg',
      },
      to,
    ),
  );
}

/** The same log with more fields on every line: `logOf(log, { plugin: 'billing' })`. */
export function logOf(log: Log, fields: Readonly<Record<string, unknown>>): Log {
  const write =
    (severity: keyof Log) =>
    (message: string, more?: Readonly<Record<string, unknown>>): void =>
      log[severity](message, { ...fields, ...more });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Tells how often somebody should have looked. */
export const countedLog = (log: Log, counted: (level: 'warn' | 'error') => void): Log => ({
  ...log,
  warn: (message, fields) => {
    counted('warn');
    log.warn(message, fields);
  },
  error: (message, fields) => {
    counted('error');
    log.error(message, fields);
  },
});

/** For tests and for tools that say everything themselves. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function faceOf(lines: pino.Logger): Log {
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      if (!lines.isLevelEnabled(severity)) return;
      lines[severity](fields === undefined ? {} : (redact(fields) as Record<string, unknown>), redactText(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
