import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const shared = ['console', 'react', 'jsx-runtime'];

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    // Their licences ask that the text goes with the copy; the SBOM reads from it what was copied.
    license: { fileName: 'licences.md' },
    target: 'es2024',
    // Browsers that know light-dark(): of 2024 and later.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: false,
    // Measured as it is sent: 200 KB, of the 600 KB that a first visit may cost.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // The console, and what pages of plugins import of it at run time: see sdk/console/src/vite.ts.
      input: {
        index: 'index.html',
        ...Object.fromEntries(shared.map((name) => [`shared/1/${name}`, `src/shared/${name}.ts`])),
      },
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) => (name.startsWith('shared/') ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
