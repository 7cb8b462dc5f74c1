import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ cdrs: 'src/cdrs.tsx', price: 'src/price.tsx' });
