import type { TariffBody } from './tariff.ts';

type Language = 'sv' | 'en';
/** A rule, and the sentence that says it. */
export interface Said {
  /** Into the tariff. */
  readonly path: string;
  readonly text: Readonly<Record<Language, string>>;
}

/** OCPI 2.2.1 section 16.2: DisplayText holds 512 characters. */
const DISPLAY_TEXT = 512;

const names = {
  ENERGY: { sv: 'Energin', en: 'Energy' },
  TIME: { sv: 'Laddtiden', en: 'Charging time' },
  PARKING_TIME: { sv: 'Tiden efter laddning', en: 'Idle time' },
  FLAT: { sv: 'Startavgiften', en: 'The session fee' },
  CONGESTION_TIME: { sv: 'Trängselavgiften', en: 'The congestion fee' },
} as const;
const units = { ENERGY: { sv: 'per kWh', en: 'per kWh' }, other: { sv: 'per timme', en: 'per hour' } } as const;

const congestedText = ({ occupancyPercent: percent = 100 }: { readonly occupancyPercent?: number | undefined }) =>
  percent === 100
    ? { sv: 'När platsen är full', en: 'While the site is congested' }
    : { sv: `När minst ${percent} % av platsen är upptagen`, en: `While at least ${percent} % of the site is taken` };

const minutes = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

/** What the tariff says that OCPI 2.x has no words for, in the order of its rules. */
export function beyondOcpi({ plugga, currency, tax_included }: TariffBody): readonly Said[] {
  if (plugga === undefined) return [];
  const { idleGraceSeconds = 0, caps = [], socBands = [], congestion } = plugga;
  const tax = tax_included === 'YES' ? { sv: 'inkl. moms', en: 'incl. VAT' } : { sv: 'exkl. moms', en: 'excl. VAT' };
  return [
    ...(idleGraceSeconds === 0
      ? []
      : [
          {
            path: 'plugga.idleGraceSeconds',
            text: {
              sv: `De första ${minutes(idleGraceSeconds)} efter laddning är fria.`,
              en: `The first ${minutes(idleGraceSeconds)} of idle time are free.`,
            },
          },
        ]),
    ...caps.map(({ type, amount, per }, n) => ({
      path: `plugga.caps.${n}`,
      text: {
        sv: `${names[type].sv} kostar högst ${amount} ${currency} ${tax.sv} per ${per === 'day' ? 'dygn' : 'laddning'}.`,
        en: `${names[type].en} costs at most ${amount} ${currency} ${tax.en} a ${per}.`,
      },
    })),
    ...socBands.map(({ minSoc, maxSoc, type, price }, n) => {
      const unit = type === 'ENERGY' ? units.ENERGY : units.other;
      return {
        path: `plugga.socBands.${n}`,
        text: {
          sv: `${names[type].sv} kostar ${price} ${currency} ${tax.sv} ${unit.sv} vid laddnivå från ${minSoc}${maxSoc === undefined ? '' : ` till ${maxSoc}`} %.`,
          en: `${names[type].en} costs ${price} ${currency} ${tax.en} ${unit.en} from ${minSoc}${maxSoc === undefined ? '' : ` to ${maxSoc}`} % state of charge.`,
        },
      };
    }),
    ...(congestion === undefined
      ? []
      : [
          {
            path: 'plugga.congestion',
            text: {
              sv: `${congestedText(congestion).sv} tillkommer ${congestion.price} ${currency} ${tax.sv} per timme${congestion.minSoc === undefined ? '' : ` från ${congestion.minSoc} % laddnivå`}.`,
              en: `${congestedText(congestion).en} ${congestion.price} ${currency} ${tax.en} an hour is added${congestion.minSoc === undefined ? '' : ` from ${congestion.minSoc} % state of charge`}.`,
            },
          },
        ]),
  ];
}

/** The tariff's own text with these sentences after it, in Swedish and English; other languages as they are. */
export function texted(
  body: Pick<TariffBody, 'tariff_alt_text'>,
  said: readonly Said[],
  most: number,
): NonNullable<TariffBody['tariff_alt_text']> {
  const given = body.tariff_alt_text ?? [];
  const extended = (language: Language) => {
    const before = given.find((it) => it.language.toLowerCase().startsWith(language));
    const text = [...(before === undefined ? [] : [before.text]), ...said.map((it) => it.text[language])].join(' ');
    const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
    return { language: before?.language ?? language, text: short };
  };
  const texts = [extended('sv'), extended('en')];
  const others = given.filter((it) => !texts.some(({ language }) => language === it.language));
  return [...others, ...texts];
}

/** The tariff for partners who know OCPI only: without our own rules, which its text in Swedish and English says instead. */
export function toOcpi(body: TariffBody, said: readonly Said[] = beyondOcpi(body)): Omit<TariffBody, 'plugga'> {
  const { plugga: _, ...ocpi } = body;
  return said.length === 0 ? ocpi : { ...ocpi, tariff_alt_text: texted(body, said, DISPLAY_TEXT) };
}
