import { dataTransferBy } from '@plugga/wire';
import { send } from '../schema.ts';

/** DataTransfer; what is not text is sent as JSON. */
export const dataTransfer = dataTransferBy({ send }, (data) =>
  typeof data === 'string' ? data : JSON.stringify(data),
);
