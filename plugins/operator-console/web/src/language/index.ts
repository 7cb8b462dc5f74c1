import { setupI18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { en, type TextId } from './en.ts';
import { sv } from './sv.ts';

export type Language = 'sv' | 'en';
const kept = 'plugga.language';

/** What the operator chose in this browser, else what the server found in its Accept-Language. */
const first = (): Language => {
  const chosen = localStorage.getItem(kept) ?? document.documentElement.lang;
  return chosen === 'sv' ? 'sv' : 'en';
};

export const i18n = setupI18n({ locale: first(), messages: { en, sv } });
i18n.setMessagesCompiler(compileMessage);
document.documentElement.lang = i18n.locale;

export function speak(language: Language): void {
  localStorage.setItem(kept, language);
  document.documentElement.lang = language;
  i18n.activate(language);
}

export type Text = (id: TextId, values?: Readonly<Record<string, unknown>>) => string;

/** The text of an id in the language of now; renders again when that changes. */
export function useText(): { readonly t: Text; readonly language: Language } {
  const { i18n: current } = useLingui();
  return {
    t: (id, values) => current._(id, { ...values }),
    language: current.locale === 'sv' ? 'sv' : 'en',
  };
}
export type { TextId };
