/** An element: its text, or the elements in it; what is undefined is left out, and so is an element without content. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly (Element | undefined)[];
}

export const element = (
  name: string,
  content: string | undefined | readonly (Element | undefined)[],
  attributes?: Readonly<Record<string, string>>,
): Element | undefined => {
  if (content === undefined) return undefined;
  if (typeof content !== 'string' && content.every((it) => it === undefined)) return undefined;
  return { name, content, ...(attributes === undefined ? {} : { attributes }) };
};

/** XML 1.0 section 2.2: these cannot stand in a document, escaped or not. */
// oxlint-disable-next-line no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(impossible, '\ufffd')
    .replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? '');

function written({ name, attributes = {}, content }: Element, indent: string): string {
  const own = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('');
  if (typeof content === 'string') return `${indent}<${name}${own}>${escaped(content)}</${name}>\n`;
  const inner = content.flatMap((it) => (it === undefined ? [] : [written(it, `${indent}  `)])).join('');
  return `${indent}<${name}${own}>\n${inner}${indent}</${name}>\n`;
}

export const xmlOf = (root: Element): string => `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`;
