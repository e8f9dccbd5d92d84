// Keeps an open page showing the current string, or saying that it may be out of date. The page is right without it.
const { body } = document;
const heading = document.querySelector('h1');
const title = document.title;
const believedMs = 4000;
const retryMaxMs = 3000;

/** Tells the edit page of each 'version', and of each 'status' (detail: a sentence; 'Live' only if it is). */
export const live = new EventTarget();

let events = null;
let openedAt = 0;
let failures = 0;
let retry = 0;
// What the browser took from its own cache was confirmed nobody knows when.
let toldAt = performance.getEntriesByType('navigation')[0]?.type === 'back_forward' ? [-Infinity, -Infinity] : clocks();

/** One goes on while a computer sleeps, the other is never set back. */
function clocks() {
  return [Date.now(), performance.now()];
}

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

export function timeOf(date) {
  return new Date(date).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
}

function tell(type, detail) {
  live.dispatchEvent(new CustomEvent(type, { detail }));
}

function show({ value }) {
  if (heading.textContent !== sentence(value)) {
    // which a screen reader reads out
    heading.textContent = sentence(value);
  }
  document.documentElement.className = sizeOf(value);
}

function confirm() {
  toldAt = clocks();
  failures = 0;
  if (body.dataset.staleSince) {
    delete body.dataset.staleSince;
    document.title = title;
  }
  tell('status', 'Live');
}

/** The style sheet shows what the body says of itself; a screen reader reads that out, and the title. */
function watch() {
  if (!clocks().some((now, i) => now - toldAt[i] > believedMs)) {
    return;
  }
  if (!body.dataset.staleSince) {
    body.dataset.staleSince = Number.isFinite(toldAt[0]) ? timeOf(toldAt[0]) : 'it was loaded';
    document.title = 'May be out of date · ' + title;
    tell('status', 'May be out of date: not confirmed since ' + body.dataset.staleSince);
  }
  // A connection may have died without a word.
  if (!document.hidden && performance.now() - openedAt > believedMs) {
    follow();
  }
}

function follow() {
  stop();
  openedAt = performance.now();
  events = new EventSource('/events');
  events.onmessage = ({ data }) => {
    show(JSON.parse(data));
    confirm();
    tell('version');
  };
  events.addEventListener('confirmed', confirm);
  events.onerror = () => {
    if (!body.dataset.staleSince) {
      tell('status', 'Connection lost, trying again');
    }
    // A browser gives up at a 503; another instance may do better, so the first try is soon.
    if (events.readyState === EventSource.CLOSED) {
      retry = setTimeout(follow, Math.min(retryMaxMs, 500 * 2 ** failures++) * (0.5 + Math.random()));
    }
  };
}

function stop() {
  clearTimeout(retry);
  events?.close();
  events = null;
}

/** A browser has few connections for all its tabs, so one that nobody looks at gives its own back. */
function look() {
  watch();
  if (document.hidden) {
    stop();
  } else if (!events) {
    follow();
  }
}

heading.parentElement.setAttribute('aria-live', 'polite');
document.addEventListener('visibilitychange', look);
addEventListener('pageshow', look);
setInterval(watch, 250);
look();
