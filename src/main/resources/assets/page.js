// Keeps an open page showing the current string. The page is right without it.
const heading = document.querySelector('h1');
const retryMs = 3000;

function follow() {
  const events = new EventSource('/events');
  events.onmessage = (event) => {
    heading.textContent = 'The saved string is ' + JSON.parse(event.data).value;
  };
  events.onerror = () => {
    // A browser gives up on its own when it is told 503, as during an outage of the store.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(follow, retryMs * (0.5 + Math.random()));
    }
  };
}

follow();
