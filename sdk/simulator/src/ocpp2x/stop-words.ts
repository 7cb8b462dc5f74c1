const words: Readonly<Record<string, readonly [trigger: string, stopped: string]>> = {
  CostLimitReached: ['CostLimitReached', 'LocalOutOfCredit'],
  DeAuthorized: ['Deauthorized', 'DeAuthorized'],
  EVDisconnected: ['EVCommunicationLost', 'EVDisconnected'],
  EnergyLimitReached: ['EnergyLimitReached', 'EnergyLimitReached'],
  EmergencyStop: ['AbnormalCondition', 'EmergencyStop'],
  HardReset: ['ResetCommand', 'ImmediateReset'],
  Local: ['StopAuthorized', 'Local'],
  Other: ['AbnormalCondition', 'Other'],
  PowerLoss: ['AbnormalCondition', 'PowerLoss'],
  Reboot: ['AbnormalCondition', 'Reboot'],
  Remote: ['RemoteStop', 'Remote'],
  SOCLimitReached: ['SoCLimitReached', 'SOCLimitReached'],
  SoftReset: ['ResetCommand', 'ImmediateReset'],
  TimeLimitReached: ['TimeLimitReached', 'TimeLimitReached'],
  UnlockCommand: ['UnlockCommand', 'Other'],
};

/** The trigger and the reason of OCPP 2.x for a stop; a reason that 1.6 does not know stands for itself. */
export const stopWords = (reason: string): { readonly trigger: string; readonly stopped: string } => {
  const [trigger, stopped] = words[reason] ?? ['AbnormalCondition', reason];
  return { trigger, stopped };
};
