export { pricesIdle, tariffBody, type TariffBody } from './price/tariff.ts';
