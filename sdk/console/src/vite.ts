import type { UserConfig } from 'vite';

/** Where the console serves what it shares with pages. The number changes when a page built before no longer fits. */
export const sharedAt = '/console/shared/1';

/** Modules that are the console's at run time: one React, one set of parts, for all pages. */
const shared: Readonly<Record<string, string>> = {
  '@plugga/console': `${sharedAt}/console.js`,
  react: `${sharedAt}/react.js`,
  'react/jsx-runtime': `${sharedAt}/jsx-runtime.js`,
};

/** The build of a plugin's pages: `entries` are the modules that its `ui` names, by their name without `.js`. */
export const pagesOf = (entries: Readonly<Record<string, string>>): UserConfig => ({
  base: './',
  publicDir: false,
  build: {
    // Their licences ask that the text goes with the copy; the SBOM reads from it what was copied.
    license: { fileName: 'licences.md' },
    target: 'es2024',
    sourcemap: false,
    modulePreload: false,
    rolldownOptions: {
      input: { ...entries },
      external: Object.keys(shared),
      preserveEntrySignatures: 'exports-only',
      output: {
        paths: { ...shared },
        entryFileNames: '[name].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
