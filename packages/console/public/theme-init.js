// Sets the chosen theme before the first paint; the console itself loads after it.
// The key is the one of src/ui/theme.ts.
try {
  const theme = localStorage.getItem('sentinel.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme applies.
}
