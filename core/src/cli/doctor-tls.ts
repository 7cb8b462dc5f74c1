import type { Instant } from '@plugga/kit';
import type { Config } from '../config.ts';
import { endingOf } from '../tls/expiry.ts';
import { readTlsFiles } from '../tls/files.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** What the TLS listener would show now: until when, and whether every station can speak to it. */
export function tlsFindings({ tls }: Config, now: Instant): readonly Finding[] {
  if (tls === undefined) return [];
  const { problems, material } = readTlsFiles(tls);
  if (material === undefined) return [wrong('tls', problems.join('; '))];
  const endings = material.shown.flatMap((it) => endingOf(it, now) ?? []);
  if (endings.some(({ over }) => over)) return [wrong('tls', endings.map(({ text }) => text).join('; '))];
  if (endings.length > 0) return [warning('tls', endings.map(({ text }) => text).join('; '))];
  const shown = material.shown.map(
    ({ kind, subject, notAfter }) => `${kind} ${subject} until ${notAfter.toISOString()}`,
  );
  const missing = (['RSA', 'ECDSA'] as const).filter((kind) => !material.shown.some((it) => it.kind === kind));
  const alone = missing
    .map((kind) => `; stations that know ${kind} suites only cannot come: OCPP asks for both`)
    .join('');
  const anchors = material.anchors.length === 0 ? 'no CA of stations' : `${material.anchors.length} CA of stations`;
  return [ok('tls', `port ${tls.port}, ${shown.join(', ')}, ${anchors}${alone}`)];
}
