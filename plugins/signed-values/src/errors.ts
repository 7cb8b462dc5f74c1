import { defineErrors } from '@plugga/kit';

export const failSigned = defineErrors({
  'signed-values-unknown': {
    status: 404,
    title: 'Nothing signed is known of that session',
    hint: 'It has not closed yet, or is none of yours; see GET /api/v1/signed-values.',
  },
  'meter-unknown': { status: 404, title: 'There is no such meter', hint: 'See GET /api/v1/meters.' },
  'meter-key-unknown': { status: 404, title: 'The meter has no such key', hint: 'See GET /api/v1/meters/{serial}.' },
  'meter-key-invalid': {
    status: 400,
    title: 'The public key cannot be used',
    hint: 'Send PEM, DER or a point, as hexadecimal or base64; a compressed point needs `curve`.',
  },
});
