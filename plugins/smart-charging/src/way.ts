import { z } from '@plugga/kit';

/** `asap`: all that the limits let through, from now on; `spread`: evenly until the vehicle leaves, which keeps the peak low. */
export const way = z.enum(['asap', 'spread']);
export type Way = z.output<typeof way>;
