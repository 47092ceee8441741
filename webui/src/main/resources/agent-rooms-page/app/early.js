// Before the first paint, so that it is in the theme that was chosen.
try {
  const theme = localStorage.getItem('agent-rooms.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // without storage nothing was chosen
}
