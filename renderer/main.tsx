import './without-eval.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/pages.css';
import './styles/analysis.css';
import './styles/venue.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectToHost } from './host/index.ts';
import { HostContext } from './program/host-context.ts';
import { App } from './shell/app.tsx';
import { applyPreferences, bindAddressBar, followTopics, useNotices } from './stores/index.ts';

applyPreferences();
const connection = await connectToHost((fault) => useNotices.getState().add('error', fault.message));
bindAddressBar();
followTopics(connection);

// The chart measures its labels once: with the fonts that they will be drawn in.
await Promise.allSettled(
  ['600 12px Inter', '12px Inter', '12px "JetBrains Mono"'].map((font) => document.fonts.load(font)),
);

const root = document.getElementById('root');
if (root === null) throw new TypeError('index.html has lost its root element');
createRoot(root).render(
  <StrictMode>
    <HostContext value={connection}>
      <App />
    </HostContext>
  </StrictMode>,
);
