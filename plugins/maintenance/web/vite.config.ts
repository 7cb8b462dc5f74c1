import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ campaigns: 'src/campaigns.tsx', uploads: 'src/uploads.tsx' });
