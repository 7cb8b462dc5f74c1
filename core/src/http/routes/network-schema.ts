import { z } from '@plugga/kit';

export const slot = z.number().int().min(0).max(1_000);
const text = (most: number) => z.string().min(1).max(most);

/** How a station of 2.x reaches us. Passwords are sent on and not kept. */
export const networkProfile = z.strictObject({
  url: z
    .string()
    .max(512)
    .regex(/^wss?:\/\/[^\s]+$/i, 'a URL of ws or wss')
    .openapi({ description: 'Where it dials, without its identity', example: 'wss://csms.example/ocpp' }),
  securityProfile: z.number().int().min(1).max(3),
  interface: z
    .string()
    .regex(/^(Wired[0-3]|Wireless[0-3]|Any)$/, 'Wired0 to Wired3, Wireless0 to Wireless3, Any')
    .optional()
    .openapi({ description: '`Any`, in 2.1, when left out' }),
  timeoutSeconds: z.number().int().min(1).max(3_600).optional(),
  identity: text(48).optional().openapi({ description: '2.1: what it calls itself there' }),
  password: text(64).optional().openapi({ description: '2.1: its password there' }),
  apn: z
    .strictObject({
      apn: text(512),
      user: text(50).optional(),
      password: text(64).optional(),
      simPin: z.number().int().min(0).max(99_999_999).optional(),
      preferredNetwork: text(6).optional(),
      onlyPreferred: z.boolean().optional(),
      authentication: z.enum(['PAP', 'CHAP', 'NONE', 'AUTO']),
    })
    .optional(),
  vpn: z
    .strictObject({
      server: text(512),
      user: text(50),
      group: text(50).optional(),
      password: text(64),
      sharedKey: text(255),
      type: z.enum(['IKEv2', 'IPSec', 'L2TP', 'PPTP']),
    })
    .optional(),
});
