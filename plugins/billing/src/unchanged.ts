import { isUnchanged } from '@plugga/kit';
import { failBilling } from './errors.ts';

/** Throws `changed-meanwhile` where a change is conditional on a tag that the thing has no more; `now` is its tag, if it is there. */
export function unchanged(ifMatch: string | undefined, now: string | undefined, what: string): void {
  if (isUnchanged(ifMatch, now)) return;
  const has = now === undefined ? 'is not there' : `has the tag "${now}"`;
  throw failBilling('changed-meanwhile', `${what} ${has}, and the change is to one with "${ifMatch}"`);
}
