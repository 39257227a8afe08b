import type { JSX } from 'react';

export default function NewJobPage(): JSX.Element {
  return <h1>NewJobPage</h1>;
}
