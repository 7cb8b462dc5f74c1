/** Whether a station reckons by tariffs itself (2.1 Part 2, TariffCostCtrlr). */
export const RECKONS = 'TariffCostCtrlr/Enabled.Tariff';
