import { Menu } from '@base-ui/react/menu';
import { Link } from '@tanstack/react-router';
import { useText } from '../language/index.ts';
import { useMenu, type MenuPlace } from './places.ts';

/** As many as stand beside each other on a phone, the one that shows the others aside. */
const ON_PHONE = 4;

function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="rail-icon">
      <path d={path} />
    </svg>
  );
}

function PlaceLink({ place, className }: { readonly place: MenuPlace; readonly className: string }) {
  return (
    <Link to={place.to} activeOptions={{ exact: place.to === '/', includeSearch: false }} className={className}>
      <Icon path={place.icon} />
      <span>{place.text}</span>
    </Link>
  );
}

/** The menu: groups beside the content; on a phone a bar at the bottom with the first places, and the others behind "More". */
export function Rail() {
  const { t } = useText();
  const groups = useMenu();
  const all = groups.flatMap(({ places }) => places);
  // Our own first: they are what is needed in a hurry.
  const first = new Set(
    all
      .filter(({ to }) => !to.startsWith('/p/'))
      .slice(0, ON_PHONE)
      .map(({ key }) => key),
  );
  const others = all.filter(({ key }) => !first.has(key));
  return (
    <nav className="rail" aria-label={t('app.nav')}>
      {groups.map(({ slot, text, places }) => (
        <div key={slot} className="rail-group">
          <p className="rail-title" id={`rail-${slot}`}>
            {text}
          </p>
          <ul aria-labelledby={`rail-${slot}`}>
            {places.map((place) => (
              <li key={place.key} className={first.has(place.key) ? undefined : 'rail-later'}>
                <PlaceLink place={place} className="rail-link" />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <Menu.Root>
        <Menu.Trigger className="rail-link rail-more">
          <Icon path="M5 12h.01M12 12h.01M19 12h.01" />
          <span>{t('nav.more')}</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={8} align="end" className="floating">
            <Menu.Popup className="menu">
              {others.map((place) => (
                <Menu.Item key={place.key} className="menu-item" render={<Link to={place.to} />}>
                  <Icon path={place.icon} />
                  <span>{place.text}</span>
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </nav>
  );
}
