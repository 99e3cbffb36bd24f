// Writing: reply or note, From, the counter, the draft, and sending without waiting for the answer.
import { $, $$, icon, later, make, post, toast, uuid } from './dom.js';
import { ask } from './overlays.js';
import { draw, measure, plain } from './counter.js';
import { files, forgetFiles, filesAllowed, restoreFiles, showSender } from './attach.js';
import { refreshThread, take, toEnd } from './thread.js';
import { currentId } from './list.js';
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
  if (!within || !text.dataset.count || within.classList.contains('is-note')) return;
  setMerge(within, names(within, text.value));
  const sender = senderOf(within), typed = text.value;
  draw(text, measure(typed && sender.append ? `${typed}\n${sender.append}` : typed), sender, typed);
  if (typed.trim() || files(within).length) preview(text, within, sender);
}

const preview = later(300, async (text, within, sender) => {
  const typed = text.value, fields = { ...fieldsOf(within), to: within.elements.to?.value ?? '' };
  if (!text.isConnected || (within.id === 'new-form' && !fields.to)) return;
  const answer = await post(within.dataset.preview, fields);
  if (!answer.ok || text.value !== typed || !text.isConnected) return;
  const found = JSON.parse(answer.html);
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
  if (event.target.id === 'msg') { saveSoon(); document.dispatchEvent(new CustomEvent('typing')); }
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
  text.value = plain(text.value);
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

export function mode(which) {
  const within = form();
  if (!within || !box()) return;
  const note = which === 'note';
  if (!note && within.classList.contains('is-locked')) return;
  within.classList.toggle('is-note', note);
  for (const tab of $$('[data-mode]', within)) { const on = tab.dataset.mode === which; tab.setAttribute('aria-selected', on); tab.tabIndex = on ? 0 : -1; }
  box().placeholder = note ? _('Write a note for your team…') : _('Your message…');
  box().setAttribute('aria-label', note ? _('Note') : _('Your message'));
  box().focus();
  count(box());
}

export function ready() {
  if (!box()) return;
  form().dataset.saved = savedAs(box().defaultValue);   // what the server has; something may have been typed already
  showSender(form());
  count(box());
}

// The draft, kept on the server for this thread and this person.
const savedAs = body => JSON.stringify([body, form().elements.media.value, form().elements.subject.value]);
const saveDraft = (keepalive = false) => {
  const within = form();
  if (!within || !box()) return;
  const body = within.classList.contains('is-note') ? '' : box().value, saved = savedAs(box().value);
  if (within.dataset.saved === saved) return;
  within.dataset.saved = saved;
  const { media, subject } = within.elements;
  post(within.dataset.draft, { body, media: media.value, subject: subject.disabled ? '' : subject.value }, { keepalive }).then(() => document.dispatchEvent(new CustomEvent('command-sent')));
};
export const saveSoon = later(800, () => saveDraft());
addEventListener('pagehide', () => saveDraft(true));
document.addEventListener('pane-leaves', () => { saveSoon.cancel(); saveDraft(); });

function bubble(fields, shown) {
  const { meName, meInitials, meHue } = $('.app').dataset, now = new Date().toTimeString().slice(0, 5);
  const face = make('span', { class: `av av-sm hue-${meHue}`, role: 'img', 'aria-label': meName }, meInitials);
  const state = make('span', { 'data-state': '' }, icon('clock'), ` ${_('Sending')}`);
  const pictures = shown.map(one => one.image ? make('img', { src: one.src, alt: one.name, width: 144, height: 144 }) : make('span', { class: 'att' }, icon('file-text', 'i-sm'), one.name));
  const line = make('li', { class: 'm out k-out pending', 'data-sending': fields.key }, face);
  if (pictures.length) line.append(make('div', { class: `mms${pictures.length > 1 ? ' two' : ''}` }, ...pictures));
  if (fields.body || !pictures.length) line.append(make('div', { class: 'bub', dir: 'auto' }, fields.body));
  line.append(make('div', { class: 'meta' }, make('time', {}, now), make('span', {}, $('[data-from-l]')?.textContent ?? ''), state));
  return line;
}

// A field that this contact has no value for would leave as its own name.
export const bracesMeant = (within, words) => within.elements.merge.value || !/\{\{\s*(contact|user)\./.test(words) || ask(_('Send it with the braces?'), _('It names a merge field that has no value for this contact, and would be read as it stands.'), _('Send as it is'));

// `more` says when, and what to do afterwards.
export async function send(more = {}) {
  const within = form(), text = box();
  if (!text || within.classList.contains('is-sealed')) return;
  if (within.classList.contains('is-note')) { await note(); return; }
  const shown = files(within), words = text.value;
  if (!words.trim() && !shown.length) { text.focus(); return; }
  if (!filesAllowed(within)) return;
  setMerge(within, names(within, words));
  if (!await bracesMeant(within, words)) { text.focus(); return; }
  const sender = senderOf(within), parts = measure(sender.append ? `${words}\n${sender.append}` : words).segments;
  if (sender.channel !== 'email' && !shown.length && parts > 3 && !await ask(_('Send a long message?'), _('It goes out as %(parts)s parts, and each part costs as much as a message.', { parts }), ngettext('Send %(num)s part', 'Send %(num)s parts', parts))) { text.focus(); return; }
  const fields = { ...fieldsOf(within), ...more, key: uuid(), query: $('#pane .thread').dataset.query };
  const line = bubble(fields, shown);
  $('#first-new')?.remove();
  $('#tl').append(line);
  toEnd();
  clear();
  await deliver(line, fields, within.elements.expected_seq.value, shown);
}

function clear() {
  saveSoon.cancel();
  box().value = '';
  forgetFiles(form());
  setMerge(form(), false);
  form().dataset.saved = savedAs('');
  count(box());
  box().focus();
}

async function deliver(line, fields, expected, shown) {
  const url = form().action, id = currentId();
  const answer = await post(url, { ...fields, after: $('#tl').dataset.last, ...(expected ? { expected_seq: expected } : {}) }, { key: fields.key });
  if (answer.ok) {
    line.remove();
    if (currentId() === id) await take(answer.html);
    return;
  }
  if (answer.code === 'thread-moved-on') {
    await refreshThread();
    if (await ask(_('They wrote in the meantime'), _('There is something new in this thread. Read it, or send what you wrote as it is.'), _('Send anyway'))) { await deliver(line, { ...fields, key: uuid() }, '', shown); return; }
    giveBack(line, fields, shown);
    return;
  }
  if (answer.status >= 400 && answer.status < 500) { giveBack(line, fields, shown); toast(answer.told || _('This was not sent.')); refused(answer.told); return; }
  line.classList.replace('pending', 'fail');
  const again = make('button', { type: 'button', class: 'link b' }, _('Retry'));
  again.addEventListener('click', () => { line.classList.replace('fail', 'pending'); $('[data-state]', line).replaceChildren(icon('clock'), ` ${_('Sending')}`); deliver(line, fields, expected, shown); });
  $('[data-state]', line)?.replaceChildren(make('span', { class: 'red b' }, icon('circle-alert'), ` ${_('Not sent')}`), make('span', { class: 'brk nosep' }, make('span', { class: 'red' }, answer.told || _('The server did not answer.')), ' ', again));
}

function giveBack(line, fields, shown) {
  line.remove();
  if (!box()) return;
  box().value = box().value ? `${fields.body}\n${box().value}` : fields.body;
  restoreFiles(form(), shown);
  box().dispatchEvent(new Event('input', { bubbles: true }));
  box().focus();
}

function refused(sentence) {
  const out = $('[data-warn]', form());
  if (out && sentence) out.replaceChildren(make('span', { class: 'red', role: 'alert' }, sentence));
}

async function note() {
  const words = box().value.trim();
  if (!words) { box().focus(); return; }
  const button = $('[data-send-note]', form()), on = form().elements.on_contact;
  button.classList.add('is-busy');
  const answer = await post(form().dataset.notes, { body: words, on_contact: on.checked ? '1' : '', after: $('#tl').dataset.last });
  button.classList.remove('is-busy');
  if (!answer.ok) { toast(answer.told || _('The note was not saved. It is still in the box.')); return; }
  on.checked = false;
  saveSoon.cancel();
  box().value = '';
  form().dataset.saved = savedAs('');
  await take(answer.html);
  if (!form().classList.contains('is-locked')) mode('reply');
  toEnd();
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
