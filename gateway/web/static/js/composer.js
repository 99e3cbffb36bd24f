// Writing: reply or note, From, the counter, and sending without waiting for the answer.
import { $, $$, emit, later, post, toast, uuid } from './dom.js';
import { ask } from './overlays.js';
import { draw, measure, plain } from './counter.js';
import { files, forgetFiles, filesAllowed, showSender } from './attach.js';
import { changed, isNote, restoreDraft, saveSoon, settled } from './drafts.js';
import { begin } from './outbox.js';
import { take, toEnd } from './thread.js';
import { currentId } from './list.js';
import { tab } from './unsaved.js';
import { _, ngettext } from './words.js';

const form = () => $('#composer');
const box = () => $('#msg');
let lastBox = null;
addEventListener('focusin', event => { if (event.target.matches?.('.msgbox')) lastBox = event.target; });

export const senderOf = within => {
  const chosen = within.id === 'composer' ? $('[data-from][aria-pressed=true]', within) : $('#nc-biz')?.selectedOptions[0];
  const { price = 0, currency = '', channel = 'sms', appendText = '', noMedia = '', mediaPrice = '' } = chosen?.dataset ?? {};
  return { price: Number(price) || 0, currency, channel, append: appendText, noMedia, mediaPrice, label: chosen?.dataset.label ?? chosen?.textContent ?? '' };
};

// At once from what is typed; a moment later from what the server would really send.
export function count(text) {
  const within = text?.closest('form');
  if (!within || !text.dataset.count || isNote(within)) return;
  setMerge(within, names(within, text.value));
  const sender = senderOf(within), typed = text.value;
  draw(text, measure(typed && sender.append ? `${typed}\n${sender.append}` : typed), sender, typed);
  if (typed.trim() || files(within).length) preview(text, within, sender);
}

const preview = later(300, async (text, within, sender) => {
  const typed = text.value, fields = { ...fieldsOf(within), to: within.elements.to?.value ?? '' };
  if (!text.isConnected || isNote(within) || (within.id === 'new-form' && !fields.to)) return;
  const answer = await post(within.dataset.preview, fields);
  if (!answer.ok || text.value !== typed || !text.isConnected || isNote(within)) return;
  const found = JSON.parse(answer.html);
  within.dataset.refused = found.refusal ?? '';
  draw(text, found, sender, typed);
  showFilled(within, found.text);
});

// What a form says of the message; times and what to do afterwards come beside it.
export function fieldsOf(within) {
  const { body, from, media, merge, subject } = within.elements;
  const fields = { body: body.value, from: from.value, media: media.value, merge: merge.value };
  if (subject && !subject.disabled) fields.subject = subject.value;
  return fields;
}

// Merge fields are filled in by the server; below the box stands what the contact will read. A text that names one of
// those the menu offers is filled in; any other is sent as it stands.
const names = (within, text) => text.includes('{{') && $$('button[data-merge]', within).some(field => text.includes(field.dataset.merge));
export function setMerge(within, on) {
  within.elements.merge.value = on ? '1' : '';
  if (!on) $('[data-filled]', within).hidden = true;
}
function showFilled(within, text) {
  const line = $('[data-filled]', within), on = within.elements.merge.value === '1' && Boolean(text);
  line.hidden = !on;
  if (on) $('q', line).textContent = text;
}

addEventListener('input', event => {
  if (event.target.dataset?.count) count(event.target);
  if (event.target.id === 'msg') { saveSoon(); emit('typing'); }
  if (event.target.id === 'subj') saveSoon();
});

export function insert(words, within = null) {
  const own = within && $('.msgbox', within);
  const into = own ?? (lastBox?.isConnected && lastBox.offsetParent ? lastBox : box());
  if (!into) return;
  into.setRangeText(words, into.selectionStart ?? into.value.length, into.selectionEnd ?? into.value.length, 'end');
  into.dispatchEvent(new Event('input', { bubbles: true }));
  into.focus();
}

export function usePlain(button) {
  const text = $('.msgbox', button.closest('form'));
  text.value = plain(text);
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

// Reply and note are two texts: what is meant for the team never stands in the box that goes to the contact.
export function mode(which) {
  const within = form(), text = box();
  if (!within || !text) return;
  const note = which === 'note', { other } = within.elements;
  if (!note && within.classList.contains('is-locked')) return;
  if (note !== isNote(within)) [text.value, other.value] = [other.value, text.value];
  within.classList.toggle('is-note', note);
  for (const one of $$('[data-mode]', within)) { const on = one.dataset.mode === which; one.setAttribute('aria-selected', on); one.tabIndex = on ? 0 : -1; }
  text.placeholder = note ? _('Write a note for your team…') : _('Your message…');
  text.setAttribute('aria-label', note ? _('Note') : _('Your message'));
  showOther(within);
  text.focus();
  count(text);
}

// A dot on the tab behind which something half written waits.
function showOther(within) {
  for (const one of $$('[data-mode]', within)) {
    const waits = one.getAttribute('aria-selected') === 'false' && within.elements.other.value.trim() !== '';
    one.toggleAttribute('data-waits', waits);
    if (waits) one.setAttribute('aria-description', _('Half written')); else one.removeAttribute('aria-description');
  }
}

export function ready() {
  if (!box()) return;
  restoreDraft();
  showOther(form());
  showSender(form());
  count(box());
}

// A field that this contact has no value for would leave as its own name.
export const bracesMeant = (within, words) => within.elements.merge.value || !/\{\{\s*(contact|user)\./.test(words) || ask(_('Send it with the braces?'), _('It names a merge field that has no value for this contact, and would be read as it stands.'), _('Send as it is'));

// `more` says when, and what to do afterwards. Answers whether it is on its way.
export async function send(more = {}) {
  const within = form(), text = box();
  if (!text || within.classList.contains('is-sealed')) return false;
  if (isNote(within)) return note(within);
  const shown = files(within), words = text.value;
  if (!words.trim() && !shown.length) { text.focus(); return false; }
  if (!filesAllowed(within)) return false;
  setMerge(within, names(within, words));
  if (!await bracesMeant(within, words)) { text.focus(); return false; }
  const sender = senderOf(within), parts = measure(sender.append ? `${words}\n${sender.append}` : words).segments;
  // What is known to be refused is not asked about: the answer says why.
  if (sender.channel !== 'email' && !shown.length && parts > 3 && !within.dataset.refused && !await ask(_('Send a long message?'), _('It goes out as %(parts)s parts, and each part costs as much as a message.', { parts }), ngettext('Send %(num)s part', 'Send %(num)s parts', parts))) { text.focus(); return false; }
  const fields = { ...fieldsOf(within), ...more, key: uuid(), query: $('#pane .thread').dataset.query };
  const going = begin(fields, within.elements.expected_seq.value, shown);
  $('#first-new')?.remove();
  toEnd();
  clear(within);
  return going;
}

function clear(within) {
  box().value = '';
  forgetFiles(within);
  setMerge(within, false);
  settled(within);
  count(box());
  box().focus();
}

// The answer may come when another thread is open: its box and its lines are its own.
async function note(within) {
  const words = box().value, button = $('[data-send-note]', within), on = within.elements.on_contact;
  if (!words.trim()) { box().focus(); return false; }
  if (button.classList.contains('is-busy')) return false;
  button.classList.add('is-busy');
  saveSoon.cancel();
  const answer = await post(within.dataset.notes, { body: words.trim(), on_contact: on.checked ? '1' : '', after: $('#tl').dataset.last, tab });
  button.classList.remove('is-busy');
  if (!answer.ok) { toast(answer.told || _('The note was not saved. It is still in the box.')); saveSoon(); return false; }
  changed(within.dataset.thread, answer.draft);
  if (form() !== within) return true;
  on.checked = false;
  const where = isNote(within) ? box() : within.elements.other;
  where.value = where.value.replace(words, '');   // what was typed since is the next one
  settled(within);
  await take(answer.html);
  if (!where.value && !within.classList.contains('is-locked')) mode('reply');
  toEnd();
  return true;
}

// From.
addEventListener('click', event => {
  const chosen = event.target.closest('[data-from]');
  if (!chosen || chosen.disabled) return;
  const within = form(), { from, label, value, can, noMedia } = chosen.dataset;
  if (noMedia && files(within).length) { chosen.closest('.menu').hidePopover(); toast(_('%(why)s. Remove what is attached first.', { why: noMedia })); return; }
  for (const other of $$('[data-from]', within)) other.setAttribute('aria-pressed', other === chosen);
  chosen.closest('.menu').hidePopover();
  within.elements.from.value = from;
  $('[data-from-l]', within).textContent = label;
  $('[data-from-s]', within).textContent = value;
  $('[data-cap]', within).textContent = can;
  showSender(within);
  count(box());
  box().focus();
});

// What was chosen stays, and an open menu isn't taken from under somebody's hand.
export const keepsFrom = () => Boolean(form()?.elements.from?.value) || Boolean($('#m-from')?.matches(':popover-open'));
export function fromChanged() {
  if (!box()) return;
  showSender(form());
  count(box());
}

addEventListener('submit', event => {
  if (event.target.id !== 'composer') return;
  event.preventDefault();
  send();
});
addEventListener('click', event => {
  const words = event.target.closest('[data-ins]'), which = event.target.closest('[data-mode]'), template = event.target.closest('[data-template]'), field = event.target.closest('button[data-merge]');
  if (words) { words.closest('.menu')?.hidePopover(); insert(words.dataset.ins, words.closest('form')); }
  if (which) mode(which.dataset.mode);
  if (template?.matches('button')) { template.closest('.menu')?.hidePopover(); fill(template.dataset.template, template.closest('form')); }
  if (field) { field.closest('.menu').hidePopover(); insert(field.dataset.merge, field.closest('form')); }
});

async function fill(template, within) {
  const answer = await post(within.dataset.template, { template, to: within.elements.to?.value ?? '' });
  if (answer.ok) insert(JSON.parse(answer.html).body, within); else toast(answer.told || _('This template can’t be used here.'));
}
