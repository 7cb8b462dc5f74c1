import { page, PageHead, Tabs, usePlace } from '@plugga/console';
import { Budgets } from './budgets.tsx';
import { CostCentres } from './cost-centres.tsx';
import { FreeVend } from './free-vend.tsx';
import { useText } from './use-text.ts';

/** What tokens may draw, whom the operator's own books charge, and what is given away. */
function Accounts() {
  const t = useText();
  const { view = '', cursor } = usePlace().search;
  return (
    <>
      <PageHead title={t('accounts')} />
      <Tabs
        label={t('accounts')}
        items={[
          { to: '', text: t('budgets'), current: view === '' },
          { to: '?view=centres', text: t('costCentres'), current: view === 'centres' },
          { to: '?view=free', text: t('freeVend'), current: view === 'free' },
        ]}
      />
      {view === 'centres' ? <CostCentres /> : view === 'free' ? <FreeVend /> : <Budgets cursor={cursor} />}
    </>
  );
}

export const mount = page(Accounts);
