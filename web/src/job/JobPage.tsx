import type { JSX } from 'react';

export default function JobPage(): JSX.Element {
  return <h1>JobPage</h1>;
}
