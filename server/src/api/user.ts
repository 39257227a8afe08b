// Who is asking. The one seam through which a user gets into a query: today it always answers with the local user;
// with accounts it will read the session or the token, and no route changes.
import type { FastifyRequest } from 'fastify';

interface User {
  readonly user_id: string;
  readonly name: string;
}

/** null: nobody is signed in. */
export type CurrentUser = (request: FastifyRequest) => User | null | Promise<User | null>;

// Fixed, so that the jobs of a machine without accounts are still its user's after a restart.
const LOCAL_USER: User = { user_id: '00000000-0000-7000-8000-000000000001', name: 'local' };

/** Signs everybody in, which is right only where everybody is the owner of the machine: see refuseExposure. */
export const localUser: CurrentUser = () => LOCAL_USER;
