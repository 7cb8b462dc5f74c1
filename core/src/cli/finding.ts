/** One thing that `doctor` looked at. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'wrong';
  readonly detail: string;
}
export const ok = (check: string, detail: string): Finding => ({ check, result: 'ok', detail });
export const warning = (check: string, detail: string): Finding => ({ check, result: 'warning', detail });
export const wrong = (check: string, detail: string): Finding => ({ check, result: 'wrong', detail });
