// backtest login and logout: a session at an API, kept in BACKTEST_HOME, that every other command then sends. BACKTEST_TOKEN
// wins over it.

import { createInterface } from 'node:readline/promises';
import { API_OPTIONS, openSessionClient, type Client } from '../client.ts';
import { command, UsageError } from '../command.ts';
import { print } from '../show/table.ts';
import { askNewPassword, askSecret } from './ask-secret.ts';
import { keepLogin, readLogin } from './login-file.ts';

interface SignedIn {
  readonly user_id: string;
  readonly name: string | null;
  readonly role: string;
}

export const login = command({
  name: 'login',
  about: 'Signs in at the API and keeps the session in BACKTEST_HOME, for its owner only, until logout.',
  takes: [],
  options: {
    ...API_OPTIONS,
    name: { value: 'NAME', about: 'who signs in (else a prompt asks)' },
    code: { about: 'with a one-time code, which sets a new password' },
    json: { about: 'print {user_id, name, role, session_id}' },
  },
  notes: [
    'The password comes from a prompt, or is the first line of stdin. For programs there are tokens: token create, and',
    'BACKTEST_TOKEN, which wins over a login.',
  ],
  examples: ['login --name ann', 'login --name bob --code', 'login --api https://backtest.example --name ann'],
  run: async (values) => {
    const client = openSessionClient(values.api);
    const name = values.name ?? (await askName());
    const password = values.code ? await useCode(client, name) : await askSecret(`Password for ${name}: `);
    let cookie = '';
    const who = await client.post<SignedIn>('/auth/sign-in', { name, password }, {}, (headers) => {
      cookie = headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    });
    keepLogin(client.url, cookie, process.env);
    const role = who.role === 'admin' ? ', an administrator' : '';
    print(values.json ? JSON.stringify(who) : `signed in at ${client.url} as ${who.name}${role}`);
    return 0;
  },
});

export const logout = command({
  name: 'logout',
  about: 'Ends the session of login.',
  takes: [],
  options: { ...API_OPTIONS, json: { about: 'print {session_id}' } },
  examples: ['logout'],
  run: async (values) => {
    const client = openSessionClient(values.api);
    if (readLogin(client.url, process.env) === null) {
      print(values.json ? JSON.stringify({ session_id: null }) : `nobody is signed in at ${client.url}`);
      return 0;
    }
    const ended = await client.post<{ session_id: string | null }>('/auth/sign-out').catch((error: unknown) => {
      // The session may have ended by itself: then there is nothing to end.
      if (error instanceof Error && error.message.includes('(unauthorized)')) return { session_id: null };
      throw error;
    });
    keepLogin(client.url, null, process.env);
    print(values.json ? JSON.stringify(ended) : `signed out at ${client.url}`);
    return 0;
  },
});

async function askName(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('who signs in? give --name NAME');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('Name: ')).trim();
  } finally {
    lines.close();
  }
}

async function useCode(client: Client, name: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('--code needs a terminal: programs use POST /auth/code');
  const code = await askSecret('Code: ');
  const new_password = await askNewPassword(name);
  await client.post('/auth/code', { name, code, new_password });
  return new_password;
}
