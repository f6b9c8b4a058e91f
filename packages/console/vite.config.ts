import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Server that `vite` (development) passes API calls to. */
const server = process.env['SENTINEL_URL'] ?? 'http://127.0.0.1:7390';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // The first browsers with light-dark(), which the tokens rest on. Source: https://caniuse.com/mdn-css_types_color_light-dark
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
});
