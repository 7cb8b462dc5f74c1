import { pagesOf } from '@plugga/console/vite';

export default pagesOf({
  meters: 'src/meters.tsx',
  'session-values': 'src/session-values.tsx',
  values: 'src/values.tsx',
});
