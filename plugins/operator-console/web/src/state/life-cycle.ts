import type { Command, CommandStatus } from '../api/types.ts';

export interface Step {
  readonly status: CommandStatus | 'unseen';
  readonly state: 'past' | 'now' | 'ahead' | 'bad';
}

const way: readonly CommandStatus[] = ['queued', 'sent', 'accepted', 'done'];
const ends: ReadonlySet<CommandStatus> = new Set(['rejected', 'timeout', 'failed']);

type Followed = Pick<Command, 'type' | 'status'> & Partial<Pick<Command, 'effectState'>>;
/** Where nothing is known of an effect yet: whose is seen afterwards. */
const awaited: ReadonlySet<string> = new Set(['start', 'stop', 'reset']);

/** queued → sent → accepted → done, where it is now; a bad end stands in the place of what did not come. */
export function stepsOf({ type, status, effectState }: Followed): readonly Step[] {
  if (ends.has(status))
    return [
      { status: 'queued', state: 'past' },
      { status: 'sent', state: 'past' },
      { status, state: 'bad' },
    ];
  if (effectState === 'unseen')
    return [
      ...way.slice(0, -1).map((step) => ({ status: step, state: 'past' as const })),
      { status: 'unseen', state: 'bad' },
    ];
  const whole = effectState != null || awaited.has(type) || status === 'done' ? way : way.slice(0, -1);
  const at = whole.indexOf(status);
  const over = at === whole.length - 1;
  return whole.map((step, index) => ({
    status: step,
    state: index < at || (over && index === at) ? 'past' : index === at ? 'now' : 'ahead',
  }));
}
