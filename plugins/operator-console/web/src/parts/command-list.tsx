import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { Command } from '../api/types.ts';
import { en } from '../language/en.ts';
import { useText, type TextId } from '../language/index.ts';
import { stepsOf } from '../state/life-cycle.ts';
import { Moment } from './clock.tsx';
import { Empty, Loaded } from './notice.tsx';

const signs = { past: '✓', now: '●', ahead: '○', bad: '✕' } as const;

function CommandRow({ command }: { readonly command: Command }) {
  const { t } = useText();
  const name = `command.${command.type}`;
  return (
    <li className="command">
      <div className="command-head">
        <b>{name in en ? t(name as TextId) : command.type}</b>
        <span className="faint">
          <Moment at={command.createdAt} /> {t('command.by', { actor: command.actor })}
        </span>
      </div>
      <ol className="steps">
        {stepsOf(command).map(({ status, state }) => (
          <li key={status} className={`step step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            <span aria-hidden="true">{signs[state]}</span> {t(`command.${status}`)}
          </li>
        ))}
      </ol>
      {command.effect === null ? null : <p>{command.effect}</p>}
      {command.detail === null ? null : <p className="faint">{command.detail}</p>}
    </li>
  );
}

/** What was asked of a station and what became of it, newest first. */
export function CommandList({ identity }: { readonly identity: string }) {
  const { t } = useText();
  const commands = useQuery(queries.commands(identity));
  return (
    <Loaded read={commands}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('station.noCommands')} />
        ) : (
          <ul className="commands" aria-live="polite">
            {items.map((command) => (
              <CommandRow key={command.id} command={command} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
