import { stopShared } from './shared-dev-server';

export default stopShared;
