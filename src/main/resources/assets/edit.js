// The edit page: shows the string live, and changes it through the same API that everybody else uses.
import { live, sentence, sizeOf } from './page.js';

const part = (id) => document.getElementById(id);
const draft = part('draft');
const bytesMax = Number(draft.dataset.bytesMax);
const conflict = part('conflict');
const answerWithinMs = 10000;
const retryMs = 3000;
const versionsMax = 1000;

let key = sessionStorage.getItem('key');
let current = null; // the string as it is, with its ETag
let base = null; // the version that the draft started from
let theirs = null; // the version that the draft is in conflict with
let versionsShown = 20;
let isSaving = false;
let saves = 0;

// ---- asking the service

/** Answers a JSON document with its ETag, or throws a problem: a status and a sentence for people. */
async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      cache: 'no-store',
      headers: { Accept: 'application/json', ...options.headers },
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch {
    const outcome = options.method ? ' It may have saved the string, or not.' : '';
    throw { status: 0, detail: 'The service did not answer.' + outcome };
  }
  const body = await response.json().catch(() => ({ detail: `The service answered with status ${response.status}.` }));
  if (!response.ok) {
    throw { status: response.status, detail: body.detail };
  }
  return { body, etag: response.headers.get('ETag') };
}

async function askForString() {
  const { body, etag } = await ask('/');
  return { ...body, etag };
}

async function askForHistory(withKey, limit) {
  return (await ask(`/history?limit=${limit}`, { headers: { 'X-API-Key': withKey } })).body;
}

// ---- showing what is

function originOf(version) {
  if (version.version === 0) {
    return 'Nobody has changed it yet.';
  }
  const when = new Date(version.updatedAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return `Version ${version.version}, by ${version.updatedBy}, ${when}`;
}

function isChanged() {
  return base !== null && draft.value !== base.value;
}

function showDraft() {
  const left = bytesMax - new TextEncoder().encode(draft.value).length;
  const number = Math.abs(left).toLocaleString();
  part('length').textContent = left < 0 ? `${number} bytes too many` : `${number} bytes left`;
  part('length').classList.toggle('wrong', left < 0);
  part('preview').textContent = sentence(draft.value);
  part('preview').className = sizeOf(draft.value);
  part('discard').hidden = !isChanged();
}

function startFrom(version, text = version.value) {
  base = version;
  if (draft.value !== text) {
    draft.value = text;
  }
  showDraft();
  showForms();
}

function showForms() {
  part('sign-in').hidden = key !== null;
  part('editor').hidden = key === null || base === null;
  part('history').hidden = key === null;
}

function showVersion(version) {
  const item = part('version').content.cloneNode(true);
  const [value, origin] = item.querySelectorAll('p');
  const button = item.querySelector('button');
  value.textContent = version.value;
  origin.textContent = originOf(version);
  button.dataset.version = version.version;
  button.setAttribute('aria-label', `Restore version ${version.version}`);
  button.onclick = () => restore(version.version);
  button.hidden = version.version === current.version;
  item.firstElementChild.classList.toggle('current', button.hidden);
  return item;
}

async function showHistory() {
  const versions = await askForHistory(key, versionsShown);
  const focused = document.activeElement.dataset.version;
  part('versions').replaceChildren(...versions.map(showVersion));
  part('versions').querySelector(`[data-version="${focused}"]`)?.focus();
  part('older').hidden = versions.length < versionsShown || versionsShown === versionsMax;
}

function say(id, text) {
  part(id).textContent = text;
}

function sayNothing() {
  ['saved', 'save-error', 'conflict-error', 'history-error', 'sign-in-error'].forEach((id) => say(id, ''));
}

// ---- keeping up

let isRefreshing = false;
let isStale = false;
let retry = 0;

/** Reads the string with its ETag, and the history; again if something changed meanwhile. */
async function refresh() {
  isStale = true;
  if (isRefreshing) {
    return;
  }
  isRefreshing = true;
  clearTimeout(retry);
  try {
    while (isStale) {
      isStale = false;
      await load();
    }
    say('trouble', '');
  } catch (problem) {
    if (problem.status === 401) {
      signOut(problem.detail);
    } else {
      say('trouble', problem.detail ?? String(problem));
    }
    retry = setTimeout(refresh, retryMs);
  } finally {
    isRefreshing = false;
  }
}

async function load() {
  const savesBefore = saves;
  const state = await askForString();
  // What was read while a save was under way may be older than what was saved; it is read again after that.
  if (isSaving || saves !== savesBefore) {
    return;
  }
  current = state;
  say('origin', originOf(current));
  if (!isChanged() || draft.value === current.value) {
    startFrom(current);
  }
  if (key !== null) {
    await showHistory();
  }
}

live.addEventListener('version', refresh);
live.addEventListener('connection', ({ detail: isOpen }) => {
  say('connection', isOpen ? 'Live' : 'Connection lost, trying again');
  part('connection').classList.toggle('lost', !isOpen);
});

// ---- the key

async function signIn(event) {
  event.preventDefault();
  const candidate = part('key').value.replace(/[^!-~]/g, '');
  sayNothing();
  try {
    await askForHistory(candidate, 1);
  } catch (problem) {
    say('sign-in-error', problem.detail);
    part('key').focus();
    return;
  }
  key = candidate;
  sessionStorage.setItem('key', key);
  part('key').value = '';
  showForms();
  draft.focus();
  refresh();
}

function signOut(reason) {
  key = null;
  sessionStorage.removeItem('key');
  conflict.close();
  part('versions').replaceChildren();
  showForms();
  say('sign-in-error', reason);
  part('key').focus();
}

// ---- changing the string

/** Does one change at a time and tells how it went; after it the string is read again. */
async function change(request, errorId) {
  if (isSaving) {
    return;
  }
  isSaving = true;
  sayNothing();
  try {
    await request();
  } catch (problem) {
    if (problem.status === 401) {
      signOut(problem.detail);
    } else {
      say(errorId, problem.detail ?? String(problem));
    }
  } finally {
    isSaving = false;
    saves++;
    refresh();
  }
}

async function put(expected) {
  const text = draft.value;
  const { body, etag } = await ask('/', {
    method: 'PUT',
    body: text,
    headers: { 'Content-Type': 'text/plain;charset=utf-8', 'If-Match': expected.etag, 'X-API-Key': key },
  });
  startFrom({ ...body, etag }, draft.value === text ? body.value : draft.value);
  conflict.close();
  say('saved', `Saved as version ${body.version}. Everybody sees it now.`);
}

async function putOrAsk(expected) {
  try {
    await put(expected);
  } catch (problem) {
    if (problem.status !== 412) {
      throw problem;
    }
    await showConflict();
  }
}

async function showConflict() {
  theirs = await askForString();
  say('theirs', theirs.value);
  say('theirs-origin', originOf(theirs));
  say('mine', draft.value);
  if (!conflict.open) {
    conflict.showModal();
  }
  part('conflict-title').focus();
}

function endConflict(text) {
  startFrom(theirs, text);
  conflict.close();
  draft.focus();
}

function restore(version) {
  const headers = { 'If-Match': current.etag, 'X-API-Key': key };
  change(() => ask(`/history/${version}/restore`, { method: 'POST', headers }), 'history-error');
}

part('sign-in').onsubmit = signIn;
part('forget').onclick = () => signOut('');
part('older').onclick = () => {
  versionsShown = Math.min(versionsShown * 10, versionsMax);
  refresh();
};
part('editor').onsubmit = (event) => {
  event.preventDefault();
  change(() => putOrAsk(base), 'save-error');
};
part('discard').onclick = () => startFrom(current);
part('overwrite').onclick = () => change(() => putOrAsk(theirs), 'conflict-error');
part('take-theirs').onclick = () => endConflict(theirs.value);
part('edit-on').onclick = () => endConflict(draft.value);
conflict.oncancel = () => endConflict(draft.value);
draft.oninput = showDraft;
draft.onkeydown = (event) => {
  // A string has no line breaks, so Enter is free; while an input method composes, it isn't.
  if (event.key === 'Enter' && !event.isComposing) {
    event.preventDefault();
    part('editor').requestSubmit();
  }
};

showForms();
refresh();
