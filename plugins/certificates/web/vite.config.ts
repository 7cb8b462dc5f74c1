import { pagesOf } from '@plugga/console/vite';

export default pagesOf({ certificates: 'src/certificates.tsx' });
