import type { JSX } from 'react';

export default function VariantPage(): JSX.Element {
  return <h1>VariantPage</h1>;
}
