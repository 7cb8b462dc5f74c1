import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ revenue: 'src/revenue.tsx' });
