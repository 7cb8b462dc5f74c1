import type { Licensed } from './licences.ts';

/** Every package of others that is installed with ours or copied into them, for people. */
export const reportOf = (licensed: readonly Licensed[]): string =>
  [
    '# Licences of what Plugga is made with',
    '',
    'Plugga itself: Apache-2.0. Each package below carries the text of its licence; the texts of what is copied into the',
    "operator console's pages stand in its tarball, in `dist/web/licences.md`.",
    '',
    '| package | version | licence | how |',
    '| --- | --- | --- | --- |',
    ...licensed.map(
      ({ name, version, licence, bundled }) =>
        `| ${name} | ${version} | ${licence ?? 'not stated'} | ${bundled ? 'copied into the console' : 'installed'} |`,
    ),
    '',
  ].join('\n');
