// Opens the page as soon as it can be had again.
const retryMs = 3000;

async function retry() {
  const response = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (response?.ok) {
    location.reload();
  } else {
    later();
  }
}

function later() {
  setTimeout(retry, retryMs * (0.5 + Math.random()));
}

later();
