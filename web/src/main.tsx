// Mounts the screen.

import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/frame.css';
import './styles/forms.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cache } from './api.ts';
import { Screen } from './Screen.tsx';

const place = document.querySelector('#screen');
if (place === null) throw new Error('the page has no place for the screen');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <Screen />
    </QueryClientProvider>
  </StrictMode>,
);
