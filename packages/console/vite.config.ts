import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Server that `vite` (development) passes API calls to. */
const server = process.env['SENTINEL_URL'] ?? 'http://127.0.0.1:7390';

/** Words of the protocol that documents are made of; no page shows them, and they weigh a tenth of what the first one loads. */
const DOCUMENT_WORDS = /\b(description|summary):\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;

/** Leaves out what the protocol says for its documents. */
function withoutDocumentWords(): Plugin {
  return {
    name: 'without-document-words',
    transform(code, id) {
      if (!/[\\/]protocol[\\/]src[\\/]/.test(id)) return undefined;
      return { code: code.replaceAll(DOCUMENT_WORDS, "$1: ''"), map: null };
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutDocumentWords(), react()],
  build: {
    // The first browsers with light-dark(), which the tokens rest on. Source: https://caniuse.com/mdn-css_types_color_light-dark
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
});
