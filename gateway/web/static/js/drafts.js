// What is half written for a thread, reply and note apart: kept on the server for this thread and this person, and by the tab
// as long as the server doesn't have it.
import { $, later, post } from './dom.js';
import { files, forgetFiles, restoreFiles } from './attach.js';
import { forget, keep, unsaved } from './unsaved.js';

const form = () => $('#composer');
const box = () => $('#msg');
export const isNote = within => within.classList.contains('is-note');

const same = ({ body, note, media, subject }) => JSON.stringify([body, note, media, subject]);
function written(within, text = box().value, other = within.elements.other.value) {
  const { media, subject } = within.elements, note = isNote(within);
  return { body: note ? other : text, note: note ? text : other, media: media.value, subject: subject.value };
}

// Marks what the server has; `sent` empties the reply, or the note, that just left.
export function saved(within) { within.dataset.saved = same(written(within)); }

export async function saveDraft(keepalive = false) {
  const within = form();
  if (!within || !box()) return;
  const draft = written(within), mark = same(draft);
  if (within.dataset.saved === mark) return;
  within.dataset.saved = mark;
  await save(within.dataset.thread, { ...draft, mail: !within.elements.subject.disabled, files: files(within) }, keepalive);
  document.dispatchEvent(new CustomEvent('command-sent', { detail: `/threads/${within.dataset.thread}/draft` }));
}

async function save(thread, draft, keepalive = false) {
  const { body, note, media, subject, mail } = draft;
  keep('drafts', thread, draft);
  const answer = await post(`/threads/${thread}/draft`, { body, note, media, subject: mail ? subject : '' }, { keepalive });
  const kept = unsaved('drafts')[thread];
  // What one may not see any more is nobody's to keep.
  if (kept && same(kept) === same(draft) && (answer.ok || answer.status === 404)) forget('drafts', thread);
}

const saveAll = () => { for (const [thread, draft] of Object.entries(unsaved('drafts'))) save(thread, draft); };
export const saveSoon = later(800, () => saveDraft());
addEventListener('pagehide', () => saveDraft(true));
document.addEventListener('pane-leaves', () => { saveSoon.cancel(); saveDraft(); });
document.addEventListener('live-back', saveAll);

// What the tab kept is newer than what came with the page; what was typed before this script ran is newer still.
export function restoreDraft() {
  const within = form(), text = box(), kept = unsaved('drafts')[within.dataset.thread];
  within.dataset.saved = same(written(within, text.defaultValue, within.elements.other.defaultValue));
  if (!kept || text.value !== text.defaultValue) return;
  const note = isNote(within);
  text.value = note ? kept.note : kept.body;
  within.elements.other.value = note ? kept.body : kept.note;
  if (kept.mail) within.elements.subject.value = kept.subject;
  forgetFiles(within);
  if (kept.files.length) restoreFiles(within, kept.files);
  saveSoon();
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
export const start = saveAll;
