// Opens the page as soon as it can be had again.
setInterval(async () => {
  const response = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (response?.ok) {
    location.reload();
  }
}, 3000 * (0.5 + Math.random()));
