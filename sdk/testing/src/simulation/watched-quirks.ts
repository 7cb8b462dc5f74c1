import type { Quirk } from '@plugga/kit';

const isOther = (after: unknown, before: unknown): boolean =>
  after !== before && JSON.stringify(after) !== JSON.stringify(before);

/** The same quirks, and which of them have made a difference: seen at the hooks themselves, not at what the core says of them. */
export function watchedQuirks(quirks: readonly Quirk[], fired: (quirk: string) => void): readonly Quirk[] {
  return quirks.map((quirk) => {
    const seen = <A extends unknown[], R>(run: (...given: A) => R, changed: (result: R, given: A) => boolean) =>
      ((...given: A): R => {
        const result = run(...given);
        if (changed(result, given)) fired(quirk.id);
        return result;
      }) as (...given: A) => R;
    const each = <T extends object>(hooks: T | undefined, watch: (hook: never) => unknown): T | undefined =>
      hooks && (Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, watch(hook as never)])) as T);
    const rewrite = (run: (...given: [unknown, unknown]) => unknown) =>
      seen(run, (after, [before]) => isOther(after, before));
    const { text, inbound, outbound, plan } = quirk;
    return {
      ...quirk,
      ...(text && { text: seen(text, (after, [before]) => after !== before) }),
      ...(inbound && { inbound: each(inbound, rewrite as never) }),
      ...(outbound && { outbound: each(outbound, rewrite as never) }),
      ...(plan && {
        plan: each(plan, ((own: { start(...given: unknown[]): unknown }) => ({
          ...own,
          start: seen(own.start.bind(own), (step) => step !== undefined),
        })) as never),
      }),
    } as Quirk;
  });
}
