import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ tariffs: 'src/tariffs.tsx', offers: 'src/offers.tsx' });
