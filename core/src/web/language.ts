export type Language = 'sv' | 'en';

/** Swedish where the browser prefers it to English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const [first] = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((it) => it.trim());
      const quality = parameters.find((it) => it.startsWith('q='))?.slice(2);
      return { language: tag.toLowerCase().split('-')[0], weight: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, weight }) => (language === 'sv' || language === 'en') && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return first?.language === 'sv' ? 'sv' : 'en';
}
