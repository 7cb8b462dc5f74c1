import { testAuthority } from '@plugga/testing';
import type { Api } from '../../e2e/api.ts';

/** Has the plugin `certificates` sign with an authority of the run. */
export async function setAuthority(operator: Api): Promise<void> {
  const { cert: certificate, key } = testAuthority('Conformance');
  const authority = { certificate, key };
  const answer = await operator.raw('PUT', 'plugins/certificates/settings', { authority, v2gAuthority: authority });
  if (!answer.ok) throw new Error(`the authority was not set: ${await answer.text()}`);
}
