// What goes along: from the device, dropped, pasted, from a link, the team's library, or a plugin's source.
import { $, $$, csrf, icon, later, load, make, post, toast } from './dom.js';
import { ask, openDialog } from './overlays.js';
import { count, senderOf } from './composer.js';
import { saveSoon } from './drafts.js';
import { _ } from './words.js';

const MOST = 10;
const drops = within => $('[data-drops]', within);
let asking = null;   // the form a dialog was opened for

export const files = within => $$('[data-media]', drops(within) ?? within).map(thumb => ({ id: thumb.dataset.media, name: $('bdi', thumb).textContent, src: $('img', thumb)?.src ?? '', image: Boolean($('img', thumb)), size: $('small', thumb).textContent }));

function changed(within) {
  const found = files(within);
  within.elements.media.value = found.map(one => one.id).filter(Boolean).join(',');
  drops(within).hidden = !drops(within).childElementCount;
  count($('.msgbox', within));
  if (within.id === 'composer') saveSoon();
}

function thumb({ id = '', name, size = '', src = '', image = false }) {
  const remove = make('button', { class: 'ib ib-sm', type: 'button', 'aria-label': _('Remove %(name)s', { name }), 'data-tip': _('Remove %(name)s', { name }), 'data-unattach': '' }, icon('x'));
  const shown = image ? make('img', { src, alt: name }) : icon('file-text');
  const made = make('div', { class: `thumb${image ? '' : ' is-file'}` }, shown, make('span', { class: 'thumb-n' }, make('bdi', { class: 'trunc' }, name), make('small', {}, size)), remove);
  if (id) made.dataset.media = id;
  return made;
}

export function restoreFiles(within, shown) { if (shown.length) { drops(within).append(...shown.map(thumb)); changed(within); } }
export function forgetFiles(within) { drops(within).replaceChildren(); within.elements.media.value = ''; drops(within).hidden = true; }

// Whether what is attached may go over the chosen sender, and all of it is here.
export function filesAllowed(within) {
  if ($('.is-busy', drops(within))) { toast(_('A file is still on its way up.')); return false; }
  const why = files(within).length ? senderOf(within).noMedia : '';
  if (why) toast(_('%(why)s. Remove what is attached first.', { why }));
  return !why;
}

// What the chosen sender adds, can carry and asks for it; a subject is for mail alone.
export function showSender(within) {
  const { append, noMedia, mediaPrice, channel } = senderOf(within), button = $('[data-attach]', within);
  const line = $('[data-append]', within), place = $('[data-attach-w]', within), price = $('[data-attach-price]', within), subject = $('[data-subj]', within);
  if (line) { line.hidden = !append; $('q', line).textContent = append; }
  if (button) button.disabled = Boolean(noMedia);
  if (place) place.dataset.tip = noMedia || _('Attach');
  if (price) price.textContent = mediaPrice;
  if (subject) { subject.hidden = channel !== 'email'; $('input', subject).disabled = channel !== 'email'; }
}

async function upload(within, file) {
  const why = senderOf(within).noMedia;
  if (why) { toast(why); return; }
  if (files(within).length >= MOST) { toast(_('A message carries %(most)s files at most.', { most: MOST })); return; }
  const waiting = thumb({ name: file.name || _('Picture') });
  waiting.classList.add('is-busy');
  drops(within).append(waiting);
  drops(within).hidden = false;
  const made = await put(file);
  if (!waiting.isConnected) { if (made?.id) forget(made.id); return; }
  if (made) waiting.replaceWith(thumb(made)); else waiting.remove();
  changed(within);
}

// Uploads a file; answers how it is shown, or nothing, having said why.
async function put(file, library = false) {
  const body = new FormData();
  body.append('file', file, file.name || 'picture.png');
  try {
    const response = await fetch(`/api/v1/media${library ? '?library=true' : ''}`, { method: 'POST', body, headers: { 'X-CSRF-Token': csrf() } });
    const told = await response.json();
    if (!response.ok) { toast(`${file.name}: ${told.detail}`); return null; }
    return { id: told.id, name: told.name ?? _('File'), size: sizeOf(told.size), src: told.url, image: /^image\/(png|jpeg|gif|webp|bmp|avif)$/.test(told.content_type) };
  } catch { toast(_('%(name)s did not arrive. Check the connection and try again.', { name: file.name })); return null; }
}
const sizeOf = size => size < 1048576 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${(size / 1048576).toFixed(1)} MB`;
const forget = id => fetch(`/api/v1/media/${id}`, { method: 'DELETE', headers: { 'X-CSRF-Token': csrf() } }).catch(() => null);

addEventListener('click', event => {
  const gone = event.target.closest('[data-unattach]');
  if (gone) {
    const within = gone.closest('form'), one = gone.closest('.thumb');
    if (one.dataset.media) forget(one.dataset.media);   // of the library it is refused, and stays
    one.remove();
    changed(within);
    $('.msgbox', within).focus();
  }
  const device = event.target.closest('[data-pick-file]'), link = event.target.closest('[data-pick-link]'), from = event.target.closest('[data-pick-from]');
  if (device || link || from) asking = (device ?? link ?? from).closest('form');
  if (device) { device.closest('.menu').hidePopover(); pick(false); }
  if (link) { $('[data-link-form]').reset(); $('[data-link-form] [data-err]').hidden = true; openDialog('dlg-link'); }
  if (from) openSource(from);
  if (event.target.closest('[data-add-library]')) pick(true);
  const off = event.target.closest('[data-unshelve]');
  if (off) unshelve(off);
  const taken = event.target.closest('[data-take]');
  if (taken) takeOffered(taken);
});

async function unshelve(button) {
  if (!await ask(_('Take it out of the library?'), _('Messages that carry it keep it. It can’t be sent again.'), _('Take it out'))) return;
  const answer = await forget(button.dataset.unshelve);
  if (answer?.ok) showGrid('/attach/library'); else toast((await answer?.json().catch(() => null))?.detail ?? _('That did not work. Try again.'));
}

function pick(library) {
  const input = $('#file-pick');
  input.value = '';
  input.onchange = async () => {
    const chosen = [...input.files];
    if (!library) { for (const file of chosen) await upload(asking, file); return; }
    for (const file of chosen) await put(file, true);
    showGrid('/attach/library');
  };
  input.click();
}

// The library, or a source with its search.
let source = '';
const showGrid = url => load(url, '#media-grid');
function openSource(button) {
  source = button.dataset.pickFrom;
  const library = source === '/attach/library', title = $('#me-t');
  title.textContent = button.dataset.pickName ?? title.dataset.library;
  $('[data-media-find]').hidden = library;
  $('[data-add-library]').hidden = !library;
  $('#me-q').value = '';
  $('#media-grid').replaceChildren();
  openDialog('dlg-media');
  showGrid(library ? source : `${source}?q=`);
}
const search = later(300, words => showGrid(`${source}?${new URLSearchParams({ q: words })}`));
addEventListener('input', event => { if (event.target.id === 'me-q') search(event.target.value); });

async function takeOffered(button) {
  const { take: id, url, name, size, src, image } = button.dataset, within = asking;
  if (files(within).some(one => one.id && one.id === id)) { $('#dlg-media').close(); return; }
  if (url) {
    button.classList.add('is-busy');
    const told = await fetched(within, url);
    button.classList.remove('is-busy');
    if (told) { toast(told); return; }
  } else { drops(within).append(thumb({ id, name, size, src, image: Boolean(image) })); changed(within); }
  $('#dlg-media').close();
  $('.msgbox', within).focus();
}

// A link is fetched by our server; answers why it could not be.
async function fetched(within, url) {
  const answer = await post('/attach/link', { url });
  if (!answer.ok) return answer.told || _('This link can’t be fetched.');
  drops(within).append(thumb(JSON.parse(answer.html)));
  changed(within);
  return '';
}
addEventListener('submit', async event => {
  if (!event.target.matches('[data-link-form]')) return;
  event.preventDefault();
  const button = $('[type=submit]', event.target), err = $('[data-err]', event.target);
  button.classList.add('is-busy');
  const told = await fetched(asking, event.target.elements.url.value);
  button.classList.remove('is-busy');
  err.hidden = !told;
  err.textContent = told;
  if (!told) { event.target.closest('dialog').close(); $('.msgbox', asking).focus(); }
});

// Dropped on the box or pasted into it.
const boxed = event => { const within = event.target.closest?.('#composer:not(.is-note,.is-sealed),#new-form'); return within && event.dataTransfer?.types?.includes('Files') ? within : null; };
addEventListener('dragover', event => { const within = boxed(event); if (within) { event.preventDefault(); within.classList.add('is-over'); } });
addEventListener('dragleave', event => { const within = event.target.closest?.('.is-over'); if (within && !within.contains(event.relatedTarget)) within.classList.remove('is-over'); });
addEventListener('drop', event => {
  const within = boxed(event);
  if (!within) return;
  event.preventDefault();
  within.classList.remove('is-over');
  [...event.dataTransfer.files].reduce((before, file) => before.then(() => upload(within, file)), Promise.resolve());
});
addEventListener('paste', event => {
  const within = event.target.matches?.('.msgbox') && !event.target.closest('.is-note') ? event.target.closest('form') : null, pasted = [...event.clipboardData?.files ?? []];
  if (!within || !pasted.length) return;
  event.preventDefault();
  pasted.reduce((before, file) => before.then(() => upload(within, file)), Promise.resolve());
});
