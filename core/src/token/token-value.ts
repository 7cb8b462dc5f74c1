import type { Random } from '../ports.ts';

const LENGTH = 16;
/** 32 letters, none of which is read as another; so a byte's five bits choose one of them. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * A value for a token of ours, 80 bits of it random. 16 characters: OCPP 1.6 takes 20, and there are stations that echo
 * exactly 20 wrongly.
 */
export const tokenValue = (random: Random): string =>
  Array.from(random.bytes(LENGTH), (byte) => LETTERS[byte & 31]).join('');
