import type { CommandStatus } from '../api/types.ts';

export interface Step {
  readonly status: CommandStatus;
  readonly state: 'past' | 'now' | 'ahead' | 'bad';
}

const way: readonly CommandStatus[] = ['queued', 'sent', 'accepted', 'done'];
const ends: ReadonlySet<CommandStatus> = new Set(['rejected', 'timeout', 'failed']);

/** queued → sent → accepted → done, where it is now; a bad end stands in the place of what did not come. */
export function stepsOf(status: CommandStatus): readonly Step[] {
  if (ends.has(status))
    return [
      { status: 'queued', state: 'past' },
      { status: 'sent', state: 'past' },
      { status, state: 'bad' },
    ];
  const at = way.indexOf(status);
  return way.map((step, index) => ({ status: step, state: index < at ? 'past' : index === at ? 'now' : 'ahead' }));
}
