import { defineErrors } from '@plugga/kit';

export const failRoot = defineErrors({
  'contract-root-unknown': {
    status: 404,
    title: 'There is no such root',
    hint: 'See GET /api/v1/contract-roots.',
  },
  'contract-root-invalid': {
    status: 400,
    title: 'The certificate cannot be trusted as a root',
    hint: 'Send one certificate of an authority, in PEM, that is in force.',
  },
  'contract-root-known': {
    status: 409,
    title: 'The certificate is trusted already',
    hint: 'Change it with PUT /api/v1/contract-roots/{id}.',
  },
  'contract-roots-full': {
    status: 409,
    title: 'There are as many roots as there may be',
    hint: 'Delete those that have run out.',
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Somebody else has changed it',
    hint: 'Read it again, and send the change with the new ETag.',
  },
});
