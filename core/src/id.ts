export { newId } from '@plugga/kit';
