// The simulator's phones: they text the gateway as a provider would, and show what comes out of it.
import { $, $$, make, post, toast, uuid } from './dom.js';
import { _, number } from './words.js';

const sim = $('#sim[data-ready]');
const line = () => $('#sim-to').selectedOptions[0];
const KEPT = 'handsets';
const seen = new Map();   // sender -> place in its gateway's outbox

const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; } };
function keep() {
  const all = {};
  for (const phone of $$('.hs')) all[phone.dataset.number] = { name: phone.dataset.name, shown: [...(phone.shown ?? [])].slice(-100) };
  localStorage.setItem(KEPT, JSON.stringify(all));
}

function show(phone, kind, text, id = '') {
  const screen = $('.scr-m', phone);
  phone.shown ??= [];
  if (id && phone.shown.some(one => one.id === id)) return;
  phone.shown.push({ kind, text, id });
  draw(screen, kind, text);
}
function draw(screen, kind, text) {
  const bubble = make('div', { class: kind === 'state' ? 'sm-s' : `sm-b${kind === 'me' ? ' me' : ''}`, dir: 'auto' }, text);
  screen.append(bubble);
  screen.scrollTop = screen.scrollHeight;
  return bubble;
}

function log(what, words, at = new Date()) {
  const time = new Date(at).toTimeString().slice(0, 8);
  $('#log').prepend(make('li', {}, make('span', {}, time), make('span', {}, make('b', {}, what), ` ${words}`)));
  while ($('#log').children.length > 60) $('#log').lastElementChild.remove();
}

async function text(phone, words) {
  const { post: url } = line().dataset;
  show(phone, 'me', words);
  const state = draw($('.scr-m', phone), 'state', _('Sending…'));
  const body = JSON.stringify({ from: phone.dataset.number, to: line().value, body: words, id: uuid() });
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    state.textContent = response.ok ? _('Delivered') : _('Refused (%(status)s)', response);
  } catch { state.textContent = _('Not sent: no connection'); }
  keep();
}

// What the gateway has sent since we last looked, to whichever phone it was meant for.
let looking = false;
async function look() {
  if (looking) return;
  looking = true;
  try {
    for (const outbox of new Set($$('#sim-to option').map(option => option.dataset.outbox))) {
      const response = await fetch(`${outbox}?after=${encodeURIComponent(seen.get(outbox) ?? '')}`);
      if (!response.ok) continue;
      const { items, next } = await response.json();
      for (const message of items) {
        const phone = $$('.hs').find(one => one.dataset.number === message.to);
        if (phone) show(phone, 'in', message.body, message.id);
      }
      seen.set(outbox, next);
    }
    keep();
  } catch { /* the next look tries again */ } finally { looking = false; }
}

function prepare(phone) {
  $('[data-to]', phone).textContent = line().textContent.split(',')[0];
  $('[data-clock]', phone).textContent = new Date().toTimeString().slice(0, 5);
}

function add(name, phoneNumber) {
  const phone = $('#t-handset').content.firstElementChild.cloneNode(true);
  phone.dataset.name = name;
  phone.dataset.number = phoneNumber;
  phone.setAttribute('aria-label', _('Handset, %(name)s', { name }));
  $('h2', phone).textContent = name;
  $('[data-number-text]', phone).textContent = phoneNumber;
  $('.scr-m', phone).setAttribute('aria-label', _('Messages on %(name)s', { name }));
  $('input', phone).setAttribute('aria-label', _('Text message from %(name)s', { name }));
  $('.snd', phone).setAttribute('aria-label', _('Send from %(name)s', { name }));
  $('#stage').append(phone);
  prepare(phone);
  return phone;
}

function start() {
  $$('.hs').forEach(prepare);
  for (const [dialled, { name, shown }] of Object.entries(kept())) {
    const phone = $$('.hs').find(one => one.dataset.number === dialled) ?? add(name, dialled);
    phone.shown = shown;
    shown.forEach(one => draw($('.scr-m', phone), one.kind, one.text));
  }
  look();
  setInterval(look, 2000);
  document.addEventListener('live-change', event => {
    const { type, what, words, at } = event.detail;
    look();
    if (type !== 'thread_read') log(what, words ?? '', at);
  });
  addEventListener('submit', event => {
    if (!event.target.matches('[data-handset]')) return;
    event.preventDefault();
    const input = event.target.elements.body, words = input.value.trim();
    if (!words) return;
    input.value = '';
    text(event.target.closest('.hs'), words);
  });
  addEventListener('click', event => {
    const clear = event.target.closest('[data-act=clear-handset]');
    if (clear) { const phone = clear.closest('.hs'); $('.scr-m', phone).replaceChildren(); phone.shown = (phone.shown ?? []).map(one => ({ ...one, text: '', kind: 'gone' })).filter(one => one.id); keep(); }
    if (event.target.closest('[data-act=add-handset]')) {
      const place = $$('.hs').length + 1, dialled = `+1415555${String(100 + place).padStart(4, '0')}`;
      $('input', add(_('Handset %(place)s', { place }), dialled)).focus();
      keep();
    }
  });
  addEventListener('change', async event => {
    if (event.target.id === 'sim-to') $$('.hs').forEach(prepare);
    const dials = event.target.closest?.('form[data-dials]');
    if (!dials) return;
    const seconds = Number(dials.elements.delay.value);
    $('[data-delay]', dials).textContent = seconds ? _('About %(seconds)s s', { seconds: number(seconds) }) : _('At once');
    const answer = await post(dials.action, [...new FormData(dials)]);
    toast(answer.ok ? _('The network behaves differently now') : answer.told || _('Nothing was changed.'));
  });
}

if (sim) start();
