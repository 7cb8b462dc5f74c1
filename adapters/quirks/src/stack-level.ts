type Members = Readonly<Record<string, unknown>>;

/** SetChargingProfile for stations that take one profile only, at stack level 0, whatever ChargeProfileMaxStackLevel says. */
export const onStackLevel0 = (payload: Members): Members => ({
  ...payload,
  csChargingProfiles: { ...(payload['csChargingProfiles'] as Members | undefined), stackLevel: 0 },
});
