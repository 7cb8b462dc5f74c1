import { Empty, Loaded, page, PageHead, Panel, Table, texts, useFormat, useRead } from '@plugga/console';

interface Driver {
  readonly driver: string;
  readonly energyWh: number;
}

const useText = texts({
  en: { title: 'Drivers', driver: 'Driver', energy: 'Energy', none: 'Nobody has charged yet' },
  sv: { title: 'Förare', driver: 'Förare', energy: 'Energi', none: 'Ingen har laddat ännu' },
});

function Drivers() {
  const t = useText();
  const format = useFormat();
  const drivers = useRead<readonly Driver[]>('/hello', { on: ['session.'] });
  return (
    <>
      <PageHead title={t('title')} />
      <Panel title={t('energy')}>
        <Loaded read={drivers}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title={t('none')} />
            ) : (
              <Table
                id="hello"
                caption={t('title')}
                rows={rows}
                rowKey={({ driver }) => driver}
                columns={[
                  { id: 'driver', header: t('driver'), name: true, cell: ({ driver }) => driver },
                  { id: 'energy', header: t('energy'), numeric: true, cell: ({ energyWh }) => format.energy(energyWh) },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

export const mount = page(Drivers);
