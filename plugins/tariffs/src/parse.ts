import { failTariff } from './errors.ts';
import { tariffBody, type TariffBody } from './tariff.ts';

/** Refuses by name what the engine cannot price: a default that costs money would be an error. */
export function parseTariff(body: unknown): TariffBody {
  const parsed = tariffBody.safeParse(body);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw failTariff(
    'tariff-unsupported',
    details.map(({ path, message }) => `${path || 'tariff'}: ${message}`).join('; '),
    { details: { errors: details } },
  );
}
