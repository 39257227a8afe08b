import type { JSX } from 'react';

export default function SavedPage(): JSX.Element {
  return <h1>SavedPage</h1>;
}
