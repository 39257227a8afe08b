import type { JSX } from 'react';

export default function AccountPage(): JSX.Element {
  return <h1>AccountPage</h1>;
}
