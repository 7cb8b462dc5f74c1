import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ reports: 'src/reports-page.tsx', revenue: 'src/revenue.tsx' });
