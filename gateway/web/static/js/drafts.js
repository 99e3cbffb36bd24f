// What is half written for a thread, reply and note apart: kept by the browser as it is typed, and after a pause on the server
// for this thread and this person.
import { $, emit, later, post } from './dom.js';
import { files, forgetFiles, restoreFiles } from './attach.js';
import { forget, keep, tab, unsaved } from './unsaved.js';

const form = () => $('#composer');
const box = () => $('#msg');
export const isNote = within => within.classList.contains('is-note');

const same = ({ body, note, media, subject }) => JSON.stringify([body, note, media, subject]);
function written(within, text = box().value, other = within.elements.other.value) {
  const { media, subject } = within.elements, note = isNote(within);
  return { body: note ? other : text, note: note ? text : other, media: media.value, subject: subject.value };
}

// By the time of the draft it was typed over it is known later whether that was changed elsewhere since; by its tab, that it was
// changed from here, when the answer with the new time never came.
function keepTyped(within) {
  const draft = written(within), { thread, saved: mark, draftAt } = within.dataset;
  if (same(draft) === mark) { forget('drafts', thread); return null; }
  const kept = { ...draft, mail: !within.elements.subject.disabled, files: files(within), over: Number(draftAt), tab };
  keep('drafts', thread, kept);
  return kept;
}

export async function saveDraft(keepalive = false) {
  const within = form(), draft = within && box() && keepTyped(within);
  if (!draft) return;
  const { thread } = within.dataset, mark = same(draft);
  if (within.dataset.saving === mark && !keepalive) return;   // a page that ends takes what is on its way with it
  within.dataset.saving = mark;
  const answer = await save(thread, draft, { keepalive });
  if (within.dataset.saving === mark) within.dataset.saving = '';
  if (answer.ok) within.dataset.saved = mark;
  emit('command-sent', `/threads/${thread}/draft`);
}

async function save(thread, draft, { keepalive = false, over } = {}) {
  const { body, note, media, subject, mail, tab = '' } = draft;
  const answer = await post(`/threads/${thread}/draft`, { body, note, media, subject: mail ? subject : '', tab, ...(over === undefined ? {} : { over }) }, { keepalive });
  changed(thread, answer.draft);
  const kept = unsaved('drafts')[thread];
  // What one may not see any more is nobody's to keep.
  if (kept && same(kept) === same(draft) && (answer.ok || answer.status === 404)) forget('drafts', thread);
  return answer;
}

// The draft on the server is another one now, by what was saved or sent from here: what is typed is typed over that.
export function changed(thread, at) {
  if (!at) return;
  const within = form(), kept = unsaved('drafts')[thread];
  if (within?.dataset.thread === thread) within.dataset.draftAt = at;
  if (kept) keep('drafts', thread, { ...kept, over: Number(at) });
}

// What an earlier page could not save, unless the draft was changed since; the open thread's is in its box.
function saveRest() {
  for (const [thread, draft] of Object.entries(unsaved('drafts'))) if (thread !== form()?.dataset.thread) save(thread, draft, { over: draft.over });
}
export const start = saveRest;
const saveSooner = later(800, () => saveDraft());
export const saveSoon = () => { if (form() && box()) keepTyped(form()); saveSooner(); };
saveSoon.cancel = saveSooner.cancel;
addEventListener('pagehide', () => saveDraft(true));
document.addEventListener('visibilitychange', () => { if (document.hidden) saveDraft(true); });   // a phone may end it without another word
document.addEventListener('pane-leaves', () => { saveSoon.cancel(); saveDraft(); });
document.addEventListener('live-back', () => { saveDraft(); saveRest(); });

// What the browser kept is newer than what came with the page, if that is still the draft it was typed over; what was typed
// before this script ran is newer still.
export function restoreDraft() {
  const within = form(), text = box(), { thread, draftAt, draftTab } = within.dataset, kept = unsaved('drafts')[thread];
  within.dataset.saved = same(written(within, text.defaultValue, within.elements.other.defaultValue));
  if (!kept || text.value !== text.defaultValue) return;
  if ((kept.over !== Number(draftAt) && kept.tab !== draftTab) || same(kept) === within.dataset.saved) { forget('drafts', thread); return; }
  const note = isNote(within);
  text.value = note ? kept.note : kept.body;
  within.elements.other.value = note ? kept.body : kept.note;
  if (kept.mail) within.elements.subject.value = kept.subject;
  forgetFiles(within);
  if (kept.files.length) restoreFiles(within, kept.files);
  saveSoon();
}

// The reply, or the note, that stood in the box is the server's now. What stands there since, or behind the other tab, may still
// have to be saved.
export function settled(within) {
  saveSoon.cancel();
  if (box().value.trim() || within.elements.other.value.trim()) { saveSoon(); return; }
  within.dataset.saved = same(written(within));
  forget('drafts', within.dataset.thread);
}

// Something left this thread, and with it the draft on the server: what stands in the box here is saved anew. What left from
// another tab in the same words is done here too.
export function left(words) {
  const within = form(), text = box();
  if (!text?.value || isNote(within)) return;
  if (text.value.trim() === words.trim()) { text.value = ''; text.dispatchEvent(new Event('input', { bubbles: true })); return; }
  within.dataset.saved = '';
  saveSoon();
}
