import { useState } from 'react';
import type { StationWithVariables } from '../../api/types.ts';
import { useText, type TextId } from '../../language/index.ts';
import { Choose } from '../../parts/choose.tsx';
import { useCommand } from '../../parts/command.ts';
import { Confirmed } from '../../parts/confirm.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { Facts, Panel } from '../../parts/panel.tsx';

const bases = ['all', 'factory', 'hardWired'] as const;
const levels = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
/** As a station of 2.x calls them in its own settings. */
const baseOf: Readonly<Record<string, (typeof bases)[number]>> = {
  all: 'all',
  factorydefault: 'factory',
  hardwiredonly: 'hardWired',
};

/** How much a station tells at all: which monitors are on, and how grave an event must be. */
export function Monitoring({ station: { identity, online, variables } }: { readonly station: StationWithVariables }) {
  const { t } = useText();
  const setLevel = useCommand(identity);
  const setBase = useCommand(identity);
  const [level, chooseLevel] = useState<(typeof levels)[number]>('9');
  const [base, chooseBase] = useState<(typeof bases)[number]>('factory');
  const said = (name: string): string | undefined =>
    variables.find((it) => it.name.toLowerCase() === `monitoringctrlr/${name}`)?.value?.toLowerCase();
  const levelText = (it: string): string =>
    it === '9'
      ? t('monitoring.all')
      : it === '0'
        ? t('monitoring.dangerOnly')
        : t('monitoring.from', { severity: t(`events.severity.${it}` as TextId) });
  const [levelNow, baseNow] = [said('activemonitoringlevel'), said('activemonitoringbase')];
  const knownBase = baseNow === undefined ? undefined : baseOf[baseNow];
  const known: readonly (readonly [string, string])[] = [
    ...(levels.some((it) => it === levelNow) ? [[t('monitoring.level'), levelText(levelNow ?? '')] as const] : []),
    ...(knownBase === undefined ? [] : [[t('monitoring.base'), t(`monitoring.base.${knownBase}`)] as const]),
  ];
  return (
    <Panel title={t('monitoring.title')}>
      {known.length === 0 ? null : (
        <>
          <p className="faint">{t('monitoring.read')}</p>
          <Facts items={known} />
        </>
      )}
      <div className="order">
        <div className="filters">
          <Choose
            label={t('monitoring.level')}
            value={level}
            set={chooseLevel}
            of={levels.map((it) => [it, levelText(it)] as const)}
          />
          <button
            type="button"
            className="button"
            disabled={!online || setLevel.isPending}
            onClick={() => setLevel.mutate({ type: 'setMonitoringLevel', severity: Number(level) })}
          >
            {t('monitoring.setLevel')}
          </button>
        </div>
        <p className={Number(level) < 3 ? 'banner warning' : 'faint'}>
          {t(Number(level) < 3 ? 'monitoring.levelHides' : 'monitoring.levelText')}
        </p>
        <Outcome identity={identity} give={setLevel} />
      </div>
      <div className="order">
        <div className="filters">
          <Choose
            label={t('monitoring.base')}
            value={base}
            set={chooseBase}
            of={bases.map((it) => [it, t(`monitoring.base.${it}`)] as const)}
          />
          <Confirmed
            trigger={
              <button type="button" className="button" disabled={!online || setBase.isPending}>
                {t('monitoring.setBase')}
              </button>
            }
            title={t('monitoring.baseTitle')}
            text={t(`monitoring.baseText.${base}`)}
            action={t('monitoring.setBase')}
            danger={base !== 'all'}
            onConfirm={() => setBase.mutate({ type: 'setMonitoringBase', base })}
          />
        </div>
        <p className="faint">{t(`monitoring.baseText.${base}`)}</p>
        <Outcome identity={identity} give={setBase} />
      </div>
    </Panel>
  );
}
