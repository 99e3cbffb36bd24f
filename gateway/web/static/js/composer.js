// Writing: reply or note, From, the counter, the draft, and sending without waiting for the answer.
import { $, $$, icon, later, make, post, toast, uuid } from './dom.js';
import { ask } from './overlays.js';
import { draw, measure, plain } from './counter.js';
import { refreshThread, take, toEnd } from './thread.js';
import { currentId } from './list.js';

const form = () => $('#composer');
const box = () => $('#msg');
let lastBox = null;
addEventListener('focusin', event => { if (event.target.matches?.('.msgbox')) lastBox = event.target; });

const senderOf = within => {
  const chosen = within.id === 'composer' ? $('[data-from][aria-pressed=true]', within) : $('#nc-biz')?.selectedOptions[0];
  const { price = 0, currency = '', channel = 'sms', appendText = '' } = chosen?.dataset ?? {};
  return { price: Number(price) || 0, currency, channel, append: appendText };
};

// At once from what is typed; a moment later from what the server would really send.
export function count(text) {
  const within = text.closest('form');
  if (!within || !text.dataset.count) return;
  if (within.classList.contains('is-note')) return;
  const sender = senderOf(within), typed = text.value;
  draw(text, measure(typed && sender.append ? `${typed}\n${sender.append}` : typed), sender, typed);
  if (typed.trim()) preview(text, within, sender);
}

const preview = later(300, async (text, within, sender) => {
  const url = within.dataset.preview ?? '/new/preview', typed = text.value;
  const fields = { body: typed, from: within.elements.from?.value ?? '', to: within.elements.to?.value ?? '' };
  if (!url || !text.isConnected || (!within.dataset.preview && !fields.to)) return;
  const answer = await post(url, fields);
  if (!answer.ok || text.value !== typed || !text.isConnected) return;
  draw(text, JSON.parse(answer.html), sender, typed);
});

addEventListener('input', event => {
  if (event.target.dataset?.count) count(event.target);
  if (event.target.id === 'msg') { saveSoon(); document.dispatchEvent(new CustomEvent('typing')); }
});

export function insert(words) {
  const into = lastBox?.isConnected && lastBox.offsetParent ? lastBox : box();
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
  box().placeholder = note ? 'Write a note for your team…' : 'Your message…';
  box().setAttribute('aria-label', note ? 'Note' : 'Your message');
  box().focus();
  count(box());
}

export function ready() {
  if (!box()) return;
  form().dataset.saved = box().defaultValue;   // what the server has; something may have been typed already
  count(box());
}

// The draft, kept on the server for this thread and this person.
const saveDraft = (keepalive = false) => {
  const within = form();
  if (!within || !box() || within.dataset.saved === box().value) return;
  within.dataset.saved = box().value;
  post(within.dataset.draft, { body: within.classList.contains('is-note') ? '' : box().value }, { keepalive });
};
const saveSoon = later(800, () => saveDraft());
addEventListener('pagehide', () => saveDraft(true));
document.addEventListener('pane-leaves', () => { saveSoon.cancel(); saveDraft(); });

function bubble(text, key) {
  const { meName, meInitials, meHue } = $('.app').dataset, now = new Date().toTimeString().slice(0, 5);
  const face = make('span', { class: `av av-sm hue-${meHue}`, role: 'img', 'aria-label': meName }, meInitials);
  const state = make('span', { 'data-state': '' }, icon('clock'), ' Sending');
  const line = make('li', { class: 'm out k-out pending', 'data-sending': key }, face, make('div', { class: 'bub', dir: 'auto' }, text), make('div', { class: 'meta' }, make('time', {}, now), make('span', {}, $('[data-from-l]')?.textContent ?? ''), state));
  line.unsent = text;
  return line;
}

export async function send() {
  const within = form(), text = box();
  if (!text || within.classList.contains('is-sealed')) return;
  if (within.classList.contains('is-note')) { await note(); return; }
  const words = text.value;
  if (!words.trim()) { text.focus(); return; }
  const sender = senderOf(within), parts = measure(sender.append ? `${words}\n${sender.append}` : words).segments;
  if (sender.channel !== 'email' && parts > 3 && !await ask('Send a long message?', `It goes out as ${parts} parts, and each part costs as much as a message.`, `Send ${parts} parts`)) { text.focus(); return; }
  const key = uuid(), line = bubble(words, key);
  $('#first-new')?.remove();
  $('#tl').append(line);
  toEnd();
  clear();
  await deliver(line, words, key, within.elements.expected_seq.value, within.elements.from.value);
}

function clear() {
  saveSoon.cancel();
  box().value = '';
  form().dataset.saved = '';
  count(box());
  box().focus();
}

async function deliver(line, words, key, expected, from) {
  const url = form().action, id = currentId();
  const fields = { body: words, from, key };
  if (expected) fields.expected_seq = expected;
  const answer = await post(url, fields, { key });
  if (answer.ok) {
    line.remove();
    if (currentId() === id) await take(answer.html);
    return;
  }
  if (answer.code === 'thread-moved-on') {
    await refreshThread();
    if (await ask('They wrote in the meantime', 'There is something new in this thread. Read it, or send what you wrote as it is.', 'Send anyway')) { await deliver(line, words, uuid(), '', from); return; }
    giveBack(line, words);
    return;
  }
  if (answer.status >= 400 && answer.status < 500) { giveBack(line, words); toast(answer.told || 'This was not sent.'); refused(answer.told); return; }
  line.classList.replace('pending', 'fail');
  const again = make('button', { type: 'button', class: 'link b' }, 'Retry');
  again.addEventListener('click', () => { line.classList.replace('fail', 'pending'); $('[data-state]', line).replaceChildren(icon('clock'), ' Sending'); deliver(line, words, key, expected, from); });
  $('[data-state]', line)?.replaceChildren(make('span', { class: 'red b' }, icon('circle-alert'), ' Not sent'), make('span', { class: 'brk nosep' }, make('span', { class: 'red' }, answer.told || 'The server did not answer.'), ' ', again));
}

function giveBack(line, words) {
  line.remove();
  if (!box()) return;
  box().value = box().value ? `${words}\n${box().value}` : words;
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
  const button = $('[data-send-note]', form());
  button.classList.add('is-busy');
  const answer = await post(form().dataset.notes, { body: words });
  button.classList.remove('is-busy');
  if (!answer.ok) { toast(answer.told || 'The note was not saved. It is still in the box.'); return; }
  clear();
  await take(answer.html);
  if (!form().classList.contains('is-locked')) mode('reply');
  toEnd();
}

// From.
addEventListener('click', event => {
  const chosen = event.target.closest('[data-from]');
  if (!chosen || chosen.disabled) return;
  const within = form(), { from, label, value, can, appendText } = chosen.dataset;
  for (const other of $$('[data-from]', within)) other.setAttribute('aria-pressed', other === chosen);
  chosen.closest('.menu').hidePopover();
  within.elements.from.value = from;
  $('[data-from-l]', within).textContent = label;
  $('[data-from-s]', within).textContent = value;
  $('[data-cap]', within).textContent = can;
  showAppended(within, appendText);
  count(box());
  box().focus();
});

// What was chosen stays, and an open menu isn't taken from under somebody's hand.
export const keepsFrom = () => Boolean(form()?.elements.from?.value) || Boolean($('#m-from')?.matches(':popover-open'));
export function fromChanged() {
  if (!box()) return;
  showAppended(form(), $('[data-from][aria-pressed=true]', form())?.dataset.appendText);
  count(box());
}

export function showAppended(within, words) {
  const line = $('[data-append]', within);
  if (!line) return;
  line.hidden = !words;
  $('q', line).textContent = words ?? '';
}

addEventListener('submit', event => {
  if (event.target.id !== 'composer') return;
  event.preventDefault();
  send();
});
addEventListener('click', event => {
  const words = event.target.closest('[data-ins]'), which = event.target.closest('[data-mode]'), template = event.target.closest('[data-template]');
  if (words) { words.closest('.menu')?.hidePopover(); insert(words.dataset.ins); }
  if (which) mode(which.dataset.mode);
  if (template) { template.closest('.menu')?.hidePopover(); fill(template.dataset.template); }
});

async function fill(template) {
  const answer = await post(`/threads/${form().dataset.thread}/template`, { template });
  if (answer.ok) insert(JSON.parse(answer.html).body); else toast(answer.told || 'This template can’t be used here.');
}

