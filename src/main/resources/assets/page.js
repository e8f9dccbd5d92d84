// Keeps an open page showing the current string. The page is right without it.
const heading = document.querySelector('h1');
const retryMs = 3000;

/** Tells the edit page of each 'version' (detail: its JSON), and when the 'connection' comes or goes (detail: is it there). */
export const live = new EventTarget();

/** The class by which the style sheet fits a string to the screen; TextSize.java computes the same. */
export function sizeOf(value) {
  let width = 0;
  for (const character of value) {
    width += character.codePointAt(0) < 0x1100 ? 1 : 2;
  }
  return 'size-' + (32 - Math.clz32(width - 1));
}

export function sentence(value) {
  return 'The saved string is ' + value;
}

function tell(type, detail) {
  live.dispatchEvent(new CustomEvent(type, { detail }));
}

function show(version) {
  const text = sentence(version.value);
  if (heading.textContent !== text) {
    heading.textContent = text; // which a screen reader reads out
  }
  document.documentElement.className = sizeOf(version.value);
}

function follow() {
  const events = new EventSource('/events');
  events.onopen = () => tell('connection', true);
  events.onmessage = (event) => {
    const version = JSON.parse(event.data);
    show(version);
    tell('version', version);
  };
  events.onerror = () => {
    tell('connection', false);
    // A browser gives up on its own when it is told 503, as during an outage of the store.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(follow, retryMs * (0.5 + Math.random()));
    }
  };
}

heading.parentElement.setAttribute('aria-live', 'polite');
follow();
