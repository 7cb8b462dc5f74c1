/** How a station of 2.x reaches us, as it is written into one of its slots. */
export interface NetworkProfile {
  /** Where it dials, without its identity: `wss://csms.example/ocpp`. */
  readonly url: string;
  readonly securityProfile: number;
  /** Wired0 to Wireless3; 2.1 has `Any`, which holds where it is left out there. */
  readonly interface?: string;
  readonly timeoutSeconds?: number;
  /** 2.1: what it calls itself there, and with which password. */
  readonly identity?: string;
  readonly password?: string;
  readonly apn?: {
    readonly apn: string;
    readonly user?: string;
    readonly password?: string;
    readonly simPin?: number;
    readonly preferredNetwork?: string;
    readonly onlyPreferred?: boolean;
    readonly authentication: 'PAP' | 'CHAP' | 'NONE' | 'AUTO';
  };
  readonly vpn?: {
    readonly server: string;
    readonly user: string;
    readonly group?: string;
    readonly password: string;
    readonly sharedKey: string;
    readonly type: 'IKEv2' | 'IPSec' | 'L2TP' | 'PPTP';
  };
}
