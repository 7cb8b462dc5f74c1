import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { useText } from '../language/index.ts';
import type { GiveCommand } from './command.ts';
import { ProblemNotice } from './notice.tsx';

/** What became of the order that was given last from here; where the station has refused it, in its own words why. */
export function Outcome({ identity, give }: { readonly identity: string; readonly give: GiveCommand }) {
  const { t } = useText();
  const commands = useQuery(queries.commands(identity));
  if (give.error !== null) return <ProblemNotice problem={give.error} />;
  if (give.data === undefined) return null;
  const { status, detail } = commands.data?.items.find(({ id }) => id === give.data.id) ?? give.data;
  if (status === 'rejected' || status === 'failed' || status === 'timeout')
    return (
      <div className="problem" role="alert">
        <p className="empty-title">{t(`outcome.${status}`)}</p>
        {detail === null ? null : <p>{detail}</p>}
      </div>
    );
  const isTaken = status === 'accepted' || status === 'done';
  return (
    <p className="faint" role="status">
      {t(isTaken ? 'outcome.taken' : 'outcome.underWay')} {detail}
    </p>
  );
}
