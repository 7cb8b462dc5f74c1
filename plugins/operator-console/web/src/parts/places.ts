import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { useText, type TextId } from '../language/index.ts';

/** A page that the menu leads to. */
export interface MenuPlace {
  readonly key: string;
  readonly text: string;
  readonly icon: string;
  readonly to: string;
  /** After `g`. */
  readonly letter: string | undefined;
}
export interface MenuGroup {
  readonly slot: string;
  readonly text: string;
  readonly places: readonly MenuPlace[];
}

const icons = {
  now: 'M3 12h4l3-8 4 16 3-8h4',
  stations: 'M6 21V5a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v16M4 21h14M9 8h4M16 10l3 2v5a1.5 1.5 0 0 1-3 0',
  sessions: 'M13 3 5 14h6l-1 7 8-11h-6z',
  system: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6',
} as const;

/** What a page of a plugin is drawn with: its group. */
const groupIcons: Readonly<Record<string, string>> = {
  now: icons.now,
  network:
    'M12 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4M5 16a2 2 0 1 1 0 4 2 2 0 0 1 0-4M19 16a2 2 0 1 1 0 4 2 2 0 0 1 0-4M12 8v4M12 12l-6 4M12 12l6 4',
  people: 'M12 4a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M5 20c0-4 3-6 7-6s7 2 7 6',
  money: 'M4 7h16v10H4zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M7 10v4M17 10v4',
  system: icons.system,
};

const groups: readonly (readonly [
  slot: string,
  text: TextId,
  own: readonly (readonly [to: string, text: TextId, icon: string, letter: string])[],
])[] = [
  [
    'now',
    'nav.now',
    [
      ['/', 'nav.now', icons.now, 'n'],
      ['/sessions', 'nav.sessions', icons.sessions, 's'],
    ],
  ],
  ['network', 'nav.network', [['/stations', 'nav.stations', icons.stations, 't']]],
  ['people', 'nav.people', []],
  ['money', 'nav.money', []],
  ['system', 'nav.system', [['/system', 'nav.system', icons.system, 'y']]],
];

/** The menu: our places and those of plugins, by group. Groups without any are left out. */
export function useMenu(): readonly MenuGroup[] {
  const { t, language } = useText();
  const { data } = useQuery(queries.pages());
  let number = 0;
  return groups.flatMap(([slot, text, own]): readonly MenuGroup[] => {
    const places: MenuPlace[] = own.map(([to, text, icon, letter]) => ({ key: to, to, text: t(text), icon, letter }));
    for (const { plugin, path, title } of data?.items.filter((it) => it.slot === slot) ?? []) {
      number += 1;
      const to = `/p/${encodeURIComponent(plugin)}/${path}`;
      const letter = number < 10 ? String(number) : undefined;
      places.push({ key: to, to, text: title[language], icon: groupIcons[slot] ?? icons.now, letter });
    }
    return places.length === 0 ? [] : [{ slot, text: t(text), places }];
  });
}
