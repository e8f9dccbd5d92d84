// The edit page: shows the string live, and changes it through the API that everybody uses.
import { ask, askForHistory, bodyOf, put } from './api.js';
import { difference } from './difference.js';
import { live, sentence, sizeOf, timeOf } from './page.js';

const part = (id) => document.getElementById(id);
const draft = part('draft');
const versions = part('versions');
const conflict = part('conflict');
const patienceMs = 500;
const retryMs = 3000;
const pageSize = 100;

let key = sessionStorage.getItem('key');
// the string as it is, with its ETag
let current;
// the version that the draft started from
let base;
// the text put into the draft last, and as the field shows it, with line breaks of its own
let filled = {};
// the version that the draft is in conflict with
let theirs;
let isSaving = false;
// what was said last of a version that was saved, and how to undo it
let told = {};
let saves = 0;
let savesListed = -1;

// what is said while it is true

const conditions = new Map();

function say(id, text, isTrue = () => true, undo = null) {
  if (part(id).textContent !== text) {
    part(id).textContent = text;
  }
  conditions.set(id, isTrue);
  if (id === 'saved') {
    part('undo').hidden = !undo;
    part('undo').onclick = undo;
  }
}

function sayNothingUntrue() {
  for (const [id, isTrue] of conditions) {
    if (!isTrue()) {
      say(id, '');
    }
  }
}

function sayWhy(id, problem) {
  if (problem.status === 401 && key) {
    signOut(problem.detail);
    return;
  }
  const [isSame, now] = [sameDraft(), current];
  // Over when the service answers again, unlike the doubt whether it saved.
  const isPassing = problem.status === 503 && !problem.type?.endsWith('outcome-unknown');
  say(id, problem.detail ?? String(problem), () => isSame() && !(isPassing && current !== now));
}

/** Says what is being done if it takes long. */
async function doing(what, work) {
  const timer = setTimeout(say, patienceMs, 'progress', what + ' …');
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    say('progress', '');
  }
}

// the draft

function textOfDraft() {
  return draft.value === filled.shown ? filled.text : draft.value;
}

/** Answers what tells whether the draft is still the same. */
function sameDraft() {
  const text = textOfDraft();
  return () => textOfDraft() === text;
}

function isChanged() {
  return base && textOfDraft() !== base.value;
}

function showDraft() {
  const text = textOfDraft();
  const left = draft.dataset.bytesMax - new TextEncoder().encode(text).length;
  const bytes = `${Math.abs(left).toLocaleString()} ${Math.abs(left) === 1 ? 'byte' : 'bytes'}`;
  part('length').textContent = bytes + (left < 0 ? ' too many' : ' left');
  part('length').classList.toggle('wrong', left < 0);
  part('preview').textContent = sentence(text);
  part('preview').className = sizeOf(text);
  part('discard').hidden = !isChanged();
  sayNothingUntrue();
}

function startFrom(version, text = version.value) {
  base = version;
  if (textOfDraft() !== text) {
    draft.value = text;
    filled = { text, shown: draft.value };
  }
  showDraft();
  showForms();
}

/** Puts another text into the draft. */
function replaceDraft(version, text, what) {
  const [baseBefore, textBefore] = [base, textOfDraft()];
  startFrom(version, text);
  say('saved', what, sameDraft(), () => startFrom(baseBefore, textBefore));
}

function showForms() {
  part('sign-in').hidden = Boolean(key);
  part('forget').hidden = !key;
  part('history').hidden = !versions.firstElementChild;
  part('editor').hidden = !key || !base;
}

// the history

function originOf({ version, updatedBy, updatedAt, text }) {
  if (text === 'lost') {
    return `Version ${version} was lost; seen ${timeOf(updatedAt)}`;
  }
  return version ? `Version ${version}, by ${updatedBy}, ${timeOf(updatedAt)}` : 'Nobody has changed it yet.';
}

function itemOf(version) {
  const item = part('version').content.cloneNode(true).firstElementChild;
  const restore = item.querySelector('button');
  item.version = version.version;
  item.querySelector('.value').textContent = version.value || '(gone)';
  item.querySelector('.quiet').textContent = originOf(version);
  restore.hidden = !version.value;
  restore.setAttribute('aria-label', `Restore version ${version.version} into the draft`);
  restore.onclick = () => {
    replaceDraft(current, version.value, `Version ${version.version} is in the draft, not saved yet.`);
    // Later, since a double click's second click must not meet something else.
    setTimeout(() => draft.focus(), patienceMs);
  };
  return item;
}

/** What others save is offered, not inserted, so that nothing moves. */
function reviewHistory() {
  for (const item of versions.children) {
    item.classList.toggle('current', item.version === current.version);
  }
  const count = current.version - versions.firstElementChild?.version || 0;
  part('newer').hidden = count <= 0;
  part('newer').textContent = `Show ${count} newer`;
  showForms();
}

/** Answers versions, newest first; throws without a word if the key was forgotten meanwhile. */
async function historyOf(query) {
  const asked = key;
  const found = await askForHistory(key, `limit=${pageSize}` + query);
  if (key !== asked) {
    throw { detail: '' };
  }
  return found;
}

async function showNewer() {
  const listing = saves;
  const found = await historyOf('');
  savesListed = listing;
  const newest = versions.firstElementChild?.version ?? 0;
  const items = found.filter(({ version }) => version > newest).map(itemOf);
  if (items.length < found.length) {
    versions.prepend(...items);
  } else {
    versions.replaceChildren(...items);
    part('older').hidden = found.length < pageSize;
  }
  reviewHistory();
}

async function showOlder() {
  const oldest = () => versions.lastElementChild.version;
  const found = await historyOf('&before=' + oldest());
  // which a click before this one may have moved
  const end = oldest();
  versions.append(...found.filter(({ version }) => version < end).map(itemOf));
  part('older').hidden = found.length < pageSize;
}

function page(show) {
  say('history-error', '');
  doing('Loading', show).catch((problem) => sayWhy('history-error', problem));
}

// keeping up

let queue = Promise.resolve();
let isQueued = false;

/** Reads the string with its ETag once more, after what is being read now. */
function refresh() {
  if (!isQueued) {
    isQueued = true;
    queue = queue.then(load).then(
      () => say('trouble', ''),
      async (problem) => {
        if (isLoss(problem) && key) {
          await offerWhatIsLeft().catch(() => {});
        }
        sayWhy('trouble', problem);
        setTimeout(refresh, retryMs);
      },
    );
  }
  return queue;
}

async function load() {
  isQueued = false;
  const savesBefore = saves;
  const state = await ask('/');
  // What was read during a save may be older than what was saved; it is read again.
  if (isSaving || saves !== savesBefore) {
    return;
  }
  current = state;
  say('origin', originOf(current));
  sayNothingUntrue();
  if (!isChanged() || textOfDraft() === current.value) {
    startFrom(current);
  }
  if (key && savesListed !== saves) {
    await showNewer();
  }
  reviewHistory();
}

function isLoss({ type }) {
  return type?.endsWith('version-lost');
}

/** The store lost the string: the last version that it still has, or whatever the writer types, may become the next. */
async function offerWhatIsLeft() {
  const [loss = { version: 0 }, ...older] = await historyOf('');
  if (current?.isLost && current.version === loss.version) {
    return;
  }
  const left = older.find(({ value }) => value)?.value ?? '';
  current = { ...loss, value: left, isLost: true };
  startFrom(current, isChanged() ? textOfDraft() : left);
  await showNewer();
}

live.addEventListener('version', refresh);
live.addEventListener('status', ({ detail }) => {
  say('connection', detail);
  part('connection').classList.toggle('lost', detail !== 'Live');
  if (detail !== 'Live') {
    // which says why
    refresh();
  }
});

// the key

async function signIn(event) {
  event.preventDefault();
  const written = part('key').value;
  // Of what no header can carry, something that is refused in a sentence.
  const candidate = written.match(/sstr_[\w-]+/)?.[0] ?? written.trim().replace(/[^ -~]/g, '?');
  say('sign-in-error', '');
  try {
    await doing('Asking', () => askForHistory(candidate, 'limit=1'));
  } catch (problem) {
    say('sign-in-error', problem.detail, () => part('key').value === written);
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
  savesListed = -1;
  sessionStorage.removeItem('key');
  conflict.close();
  versions.replaceChildren();
  showForms();
  say('sign-in-error', reason, () => !part('key').value);
  part('key').focus();
}

// changes

/** Does one change at a time, and reads the string again after it. */
async function change(request) {
  if (isSaving) {
    return;
  }
  isSaving = true;
  say('saved', '');
  say('save-error', '');
  try {
    await doing('Saving', request);
  } catch (problem) {
    conflict.close();
    sayWhy('save-error', problem);
  }
  isSaving = false;
  saves++;
  refresh();
}

/** Whether nobody has saved since the string was lost. */
async function isStillLost() {
  return ask('/').then(
    () => false,
    (problem) => isLoss(problem) || Promise.reject(problem),
  );
}

/** Publishes a text unless somebody else did; what was typed meanwhile stays. */
async function publish(text, expected) {
  if (expected.isLost && !(await isStillLost())) {
    return null;
  }
  const saved = await put(text, expected, key);
  if (saved) {
    startFrom(saved, textOfDraft() === text || !isChanged() ? saved.value : textOfDraft());
    current = saved;
    conflict.close();
  }
  return saved;
}

/** Says it until somebody saves another one. */
function sayOf({ version }, text, undo) {
  told = { version, text, undo };
  say('saved', text, () => current.version === version, undo);
}

async function save(expected) {
  const text = textOfDraft();
  // Saving what is there already is no change; the service knows whether it still is.
  const saved = (text !== expected.value || expected.isLost) && (await publish(text, expected));
  if (saved) {
    const undo = expected.isLost ? null : () => change(() => takeBack(expected, saved));
    sayOf(saved, `Saved as version ${saved.version}. Everybody sees it now.`, undo);
  } else {
    await showConflict(text);
  }
}

async function takeBack(before, saved) {
  const undone = await publish(before.value, saved);
  if (undone) {
    sayOf(undone, `Undone: version ${undone.version} is what it was before.`);
  } else {
    say('save-error', 'Not undone: somebody changed the string again.');
  }
}

async function showConflict(text) {
  theirs = await ask('/');
  if (theirs.value === text) {
    startFrom(theirs, textOfDraft());
    current = theirs;
    conflict.close();
    // Who saves twice did save.
    const said = told.version === theirs.version ? told : {};
    sayOf(theirs, said.text ?? `This is the string already, as version ${theirs.version}. Nothing was saved.`, said.undo);
    return;
  }
  const parts = difference(theirs.value, text).map(([name, textContent]) =>
    Object.assign(document.createElement(name), { textContent }),
  );
  part('difference').replaceChildren(...parts);
  say('theirs-origin', originOf(theirs));
  if (!conflict.open) {
    conflict.showModal();
  }
  part('conflict-title').focus();
}

function endConflict(act) {
  conflict.close();
  act();
  draft.focus();
  refresh();
}

const editOn = () => endConflict(() => startFrom(theirs, textOfDraft()));

/** Copies a line for a terminal that saves the draft. */
function copyAsCurl() {
  const text = textOfDraft();
  const quoted = bodyOf(text).replaceAll("'", "'\\''");
  const headers = `-H "X-API-Key: $KEY" -H 'Content-Type: text/plain'`;
  const line = `curl -X PUT ${headers} --data-raw '${quoted}' ${location.origin}/`;
  say('curl', line, sameDraft());
  getSelection().selectAllChildren(part('curl'));
  navigator.clipboard?.writeText(line) ?? document.execCommand('copy');
  say('saved', 'Copied; KEY stands for your key.', sameDraft());
}

const clicks = {
  forget: () => signOut(''),
  newer: () => page(showNewer),
  older: () => page(showOlder),
  discard: () => replaceDraft(current, current.value, 'Your changes are out of the draft.'),
  copy: copyAsCurl,
  overwrite: () => change(() => save(theirs)),
  'take-theirs': () => endConflict(() => replaceDraft(theirs, theirs.value, 'Theirs is in the draft.')),
  'edit-on': editOn,
};
for (const [id, act] of Object.entries(clicks)) {
  part(id).onclick = act;
}
part('sign-in').onsubmit = signIn;
part('sign-in').oninput = sayNothingUntrue;
part('editor').onsubmit = (event) => {
  event.preventDefault();
  change(() => save(base));
};
conflict.oncancel = editOn;
draft.oninput = showDraft;
draft.onkeydown = (event) => {
  // Most strings are one line, so Enter saves; while an input method composes, it doesn't.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    part('editor').requestSubmit();
  }
};
addEventListener('beforeunload', (event) => isChanged() && event.preventDefault());

showForms();
doing('Loading', refresh);
