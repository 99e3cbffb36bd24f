// The smallest things: finding elements, telling the person something, talking to our own server.
import { _ } from './words.js';

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const root = document.documentElement;
// Whether somebody types here. A box in a menu that was just closed may still have the focus for a frame.
export const inField = el => /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/checkbox|radio|range|button|submit/.test(el.type) && el.checkVisibility();
export const wide = () => innerWidth > 767;

export function make(tag, attributes = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) value === false || value == null || el.setAttribute(name, value);
  el.append(...children);
  return el;
}

export function icon(name, extra = '') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `i ${extra}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

// Nothing can be done any more but to sign in again, and nothing else is to be said.
export function signedOut() {
  const bar = $('#signed-out');
  if (bar) { bar.hidden = false; $('#toasts').replaceChildren(); }
}

// A line at the bottom: 4 seconds, or 10 with a button.
export function toast(text, undo, label = _('Undo')) {
  if ($('#signed-out:not([hidden])')) return () => {};
  // Said again, it is said once.
  if (!undo) for (const same of $$('#toasts .toast')) if (same.textContent === text) same.remove();
  const box = $('#toasts'), line = make('div', { class: 'toast' }, make('span', {}, text));
  const timer = setTimeout(() => line.remove(), undo ? 10_000 : 4_000);
  if (undo) {
    const button = make('button', { type: 'button', 'data-undoes': label === _('Undo') ? '' : null }, label);
    button.addEventListener('click', () => { clearTimeout(timer); line.remove(); undo(); });
    line.append(button);
  }
  box.classList.toggle('is-high', $('.inbox')?.dataset.view === 'thread');   // one pane wide, the composer is at the foot
  if (box.matches(':popover-open')) box.hidePopover();   // shown anew, it lies above a dialog opened since
  box.showPopover();
  box.append(line);
  return () => { clearTimeout(timer); line.remove(); };
}

export const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

export const csrf = () => $('meta[name=csrf]')?.content ?? '';

// Asks our own server; null without a connection.
export const get = url => fetch(url, { headers: { 'HX-Request': 'true' } }).catch(() => null);

// Puts what our own server says into an element.
export const load = (url, into, swap = 'innerHTML') => htmx.ajax('GET', url, { target: into, source: into, swap });

// Posts fields; answers {ok, status, html, told, code}, and of a draft its time. Never throws: status 0 is "no connection".
export async function post(url, fields, { keepalive = false, key = '' } = {}) {
  const headers = { 'X-CSRF-Token': csrf(), 'HX-Request': 'true', Accept: 'text/html' };
  if (key) headers['Idempotency-Key'] = key;
  const body = new URLSearchParams(fields);
  try {
    const response = await fetch(url, { method: 'POST', body, headers, keepalive: keepalive && `${body}`.length < 50_000 });
    const html = await response.text();
    if (response.status === 401) signedOut();
    const told = JSON.parse(response.headers.get('HX-Trigger') || '{}').toast;
    return { ok: response.ok, status: response.status, html, told, code: response.headers.get('X-Problem') ?? '', draft: response.headers.get('X-Draft') };
  } catch {
    return { ok: false, status: 0, html: '', told: _('No connection. Nothing was changed; try again.'), code: '' };
  }
}

// Puts a response of out-of-band pieces where they belong.
export const apply = html => html.trim() ? htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text: html }) : null;

// It goes through, though its page is left at once; what is too long for that (64 KiB in all) may not.
export async function command(url, fields) {
  const answer = await post(url, fields, { keepalive: true });
  emit('command-sent', url);
  if (answer.html) await apply(answer.html);
  if (answer.told) toast(answer.told);
  return answer;
}

export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

export function later(wait, act) {
  let timer = 0;
  const run = (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), wait); };
  run.cancel = () => clearTimeout(timer);
  return run;
}

// What nobody waits to see, once what they do is on the screen.
export const painted = act => requestAnimationFrame(() => setTimeout(act));

// Soon, and then no more often than each `gap`, however fast it is asked for: unlike `later`, it never waits for a pause.
export function paced(wait, gap, act) {
  let timer = 0, last = -Infinity;
  return () => {
    timer ||= setTimeout(() => { timer = 0; last = performance.now(); act(); }, Math.max(wait, last + gap - performance.now()));
  };
}
