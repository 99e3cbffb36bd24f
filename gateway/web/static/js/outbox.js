// What was sent and is not settled: the last lines of its thread, whichever thread is opened meanwhile, and kept by the browser
// until the server has it. A second try has the same key, by which the server knows a message it took already.
import { $, emit, icon, make, post, toast, uuid } from './dom.js';
import { ask } from './overlays.js';
import { restoreFiles } from './attach.js';
import { changed, saveSoon } from './drafts.js';
import { currentId, openRow, rowOf } from './list.js';
import { refreshThread, take, toEnd } from './thread.js';
import { forget, keep, onForgotten, tab, unsaved } from './unsaved.js';
import { _ } from './words.js';

const FRESH = 120_000;        // a page that comes back within this time finishes what was on its way when it was left
const GONE = 30_000;          // what another tab didn't settle within this time, it was closed with
const flying = new Set();     // keys of what this page waits for
const box = () => $('#msg');
// Leaving ends every request: that is no failure, and what was on its way goes on with the next page.
let leaving = 0;
addEventListener('beforeunload', () => { leaving = performance.now(); });
const isLeaving = () => leaving && performance.now() - leaving < 5000;
const isOpen = one => currentId() === one.conversation;
const lineOf = one => $(`#tl [data-sending="${one.fields.key}"]`);
const dropped = one => { forget('sends', one.fields.key); lineOf(one)?.remove(); };

export function begin(fields, expected, shown) {
  const within = $('#composer');
  return deliver({
    fields, expected, shown, url: within.action, conversation: currentId(), thread: within.dataset.thread, name: $('.thead h2')?.textContent ?? '',
    from: $('[data-from-l]')?.textContent ?? '', made: Date.now(), at: new Date().toTimeString().slice(0, 5),
  });
}

// Answers whether it is on its way.
async function deliver(one) {
  try { return await attempt(one); } finally { emit('send-settled'); }
}
async function attempt(one) {
  const { fields, expected } = one, { key } = fields;
  flying.add(key);
  keep('sends', key, { ...one, tab, told: '', made: Date.now() });
  show({ ...one, told: '' });
  const after = isOpen(one) ? $('#tl').dataset.last : '';
  const answer = await post(one.url, { ...fields, after, tab, ...(expected ? { expected_seq: expected } : {}) }, { key });
  flying.delete(key);
  lineOf(one)?.setAttribute('data-answered', '');
  if (answer.ok) {
    dropped(one);
    changed(one.thread, answer.draft);
    if (isOpen(one)) await take(answer.html);
    return true;
  }
  if (answer.status === 0 && isLeaving()) return false;
  if (answer.status === 0 || answer.status >= 500) return failed(one, answer.told || _('The server did not answer.'));
  const movedOn = answer.code === 'thread-moved-on';
  if (!isOpen(one)) return failed(one, movedOn ? _('They wrote in the meantime') : answer.told || _('This was not sent.'));
  if (movedOn) return anyway(one);
  giveBack(one);
  toast(answer.told || _('This was not sent.'));
  refused(answer.told);
  return false;
}

async function anyway(one) {
  await refreshThread();
  if (await ask(_('They wrote in the meantime'), _('There is something new in this thread. Read it, or send what you wrote as it is.'), _('Send anyway'))) {
    dropped(one);
    return deliver({ ...one, expected: '', fields: { ...one.fields, key: uuid() } });
  }
  if (isOpen(one)) giveBack(one); else failed(one, _('They wrote in the meantime'));
  return false;
}

function failed(one, told) {
  const said = { ...one, told };
  keep('sends', one.fields.key, said);
  if (isOpen(one)) show(said);
  else toast(_('Not sent to %(name)s', { name: one.name }), () => visit(one.conversation), _('Show'));
  return false;
}
function visit(id) {
  const row = rowOf(id);
  if (row && !row.hidden) openRow(row); else location.href = `/conversations/${id}`;
}

function giveBack(one) {
  dropped(one);
  const text = box();
  if (!text || $('#composer').classList.contains('is-note')) $('[data-mode=reply]')?.click();
  if (!text) return;
  text.value = text.value ? `${one.fields.body}\n${text.value}` : one.fields.body;
  restoreFiles($('#composer'), one.shown);
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

function refused(sentence) {
  const out = $('#composer [data-warn]');
  if (out && sentence) out.replaceChildren(make('span', { class: 'red', role: 'alert' }, sentence));
}

// One line for each, made once: on its way, or failed with its reason, a second try and a way back into the box.
function show(one) {
  if (!isOpen(one) || !$('#tl')) return;
  const old = lineOf(one), line = bubble(one), box = $('#scroll');
  const stays = old && box.scrollHeight - box.scrollTop - box.clientHeight > 80;   // reads further up
  if (old) old.replaceWith(line); else $('#tl').append(line);
  if (!stays) toEnd();
}

function bubble({ fields, shown, from, at, told, ...rest }) {
  const one = { fields, shown, from, at, ...rest };
  const { meName, meInitials, meHue } = $('.app').dataset;
  const face = make('span', { class: `av av-sm hue-${meHue}`, role: 'img', 'aria-label': meName }, meInitials);
  const pictures = shown.map(file => file.image ? make('img', { src: file.src, alt: file.name, width: 144, height: 144 }) : make('span', { class: 'att' }, icon('file-text', 'i-sm'), file.name));
  const line = make('li', { class: `m out k-out ${told ? 'fail' : 'pending'}`, 'data-sending': fields.key }, face);
  if (pictures.length) line.append(make('div', { class: `mms${pictures.length > 1 ? ' two' : ''}` }, ...pictures));
  if (fields.body || !pictures.length) line.append(make('div', { class: 'bub', dir: 'auto' }, fields.body));
  const state = told ? why(one, told) : [make('span', {}, icon('clock'), ` ${_('Sending')}`)];
  line.append(make('div', { class: 'meta' }, make('time', {}, at), make('span', {}, from), ...state));
  return line;
}

function why(one, told) {
  const again = make('button', { type: 'button', class: 'link b' }, _('Retry')), back = make('button', { type: 'button', class: 'link' }, _('Edit'));
  again.addEventListener('click', () => { box()?.focus(); deliver(one); });
  back.addEventListener('click', () => giveBack(one));
  return [make('span', { class: 'red b' }, icon('circle-alert'), ` ${_('Not sent')}`), make('span', { class: 'brk nosep' }, make('span', { class: 'red' }, told), ' ', again, ' ', back)];
}

// Into the thread that was opened: what waits in it. A draft of the same words is that message, not another one.
export function showUnsent() {
  for (const one of Object.values(unsaved('sends'))) {
    if (!isOpen(one) || (!one.told && one.tab !== tab)) continue;   // on its way from another tab
    if (!lineOf(one)) show(one);
    if (box() && box().value === one.fields.body && box().value === box().defaultValue) { box().value = ''; saveSoon(); }
  }
}

// After a page was left with something on its way: soon enough it goes on, later a person decides. So they do of what another
// tab was closed with; one that is still there settles it by itself.
export function start() {
  for (const one of Object.values(unsaved('sends'))) {
    if (one.told || flying.has(one.fields.key)) continue;
    const since = Date.now() - one.made;
    if (one.tab !== tab && since < GONE) setTimeout(start, GONE - since);
    else if (one.tab === tab && since < FRESH) deliver(one);
    else failed(one, _('The page was closed before it left.'));
  }
}
onForgotten('sends', key => { if (!flying.has(key)) $(`#tl [data-sending="${CSS.escape(key)}"]`)?.remove(); });
