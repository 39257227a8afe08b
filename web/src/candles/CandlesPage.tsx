import type { JSX } from 'react';

export default function CandlesPage(): JSX.Element {
  return <h1>CandlesPage</h1>;
}
