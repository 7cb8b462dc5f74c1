import { defineErrors } from '@plugga/kit';

export const failPlan = defineErrors({
  'plan-unknown': {
    status: 404,
    title: 'Nobody plans for that session',
    hint: 'Only vehicles that say what they need have a plan (GET /api/v1/charging-plans); hold others with the command `limit`.',
  },
  'plan-over': {
    status: 409,
    title: 'The session no longer charges',
    hint: 'What it was planned by can be read, and no more changed.',
  },
  'plan-impossible': {
    status: 409,
    title: 'There is nothing to plan by',
    hint: 'Set `limitWatts`: neither the vehicle nor the station has said how much it takes.',
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Somebody else has changed it',
    hint: 'Read it again, and send the change with the new ETag.',
  },
});
