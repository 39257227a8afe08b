import type { JSX } from 'react';

export default function ComparePage(): JSX.Element {
  return <h1>ComparePage</h1>;
}
