import { texts } from '@plugga/console';
import { en, sv } from './texts.ts';

export const useText = texts({ en, sv });
export type Text = ReturnType<typeof useText>;
