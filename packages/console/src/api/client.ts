import { createClient } from '@sentinel/client';

/** The API of the server that this console came from; the session cookie goes along by itself. */
export const client = createClient({ baseUrl: location.origin });
