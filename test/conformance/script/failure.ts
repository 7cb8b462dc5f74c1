/** A step of a case that did not go as it must. Anything else that is thrown is a fault of the script itself. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly step: string;

  constructor(step: string, why: string) {
    super(`${step}: ${why}`);
    this.step = step;
  }
}

/** The result, or a failure that names the step that stalled. */
export const inTime = <T>(step: string, ms: number, wait: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure(step, `nothing came within ${ms} ms`)), ms);
  });
  return Promise.race([wait, late]).finally(() => clearTimeout(timer));
};
