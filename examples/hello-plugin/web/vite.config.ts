import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ drivers: 'src/drivers.tsx' });
