import { constants } from 'node:crypto';
import type { ServerOptions } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { TlsMaterial } from './files.ts';

const HANDSHAKE_MS = 10_000;

/**
 * The suites of the OCPP security whitepaper (A00.FR.317) and of 2.x (A00.FR.318), and the three of TLS 1.3: nothing with CBC,
 * nothing without authentication of what is sent.
 */
const SUITES = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ...['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256'],
  // Without forward secrecy, and demanded all the same: many stations know no other of RSA.
  ...['AES256-GCM-SHA384', 'AES128-GCM-SHA256'],
] as const;

/** What may change while the listener lives. */
export const contextOf = ({ cert, key }: TlsMaterial): SecureContextOptions => ({
  cert: [...cert],
  key: [...key],
  minVersion: 'TLSv1.2',
  ciphers: SUITES.join(':'),
  honorCipherOrder: true,
  // A resumed session would bring the station's certificate without its chain, and outlive what has been revoked since.
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
});

/**
 * Every peer is asked for a certificate and nobody is refused for it here: who a station must be depends on its security
 * profile, which is known only when it has said its identity. No list of issuers is sent, so that a station shows what it has.
 */
export const listenerOptions = (material: TlsMaterial): ServerOptions => ({
  ...contextOf(material),
  requestCert: true,
  rejectUnauthorized: false,
  handshakeTimeout: HANDSHAKE_MS,
  ALPNProtocols: ['http/1.1'],
});
