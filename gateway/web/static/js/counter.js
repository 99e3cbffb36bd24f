// How many parts a text makes, at once and roughly; the server's preview of the final text follows and rules.
import { _, ngettext } from './words.js';
import { $, make } from './dom.js';

const GSM = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const EXTENDED = new Set('^{}\\[~]|€\f');
const PLAIN = { '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-', '…': '...', '\u00a0': ' ' };

export function measure(text) {
  let units = 0, costly = '';
  for (const letter of text) {
    if (GSM.has(letter)) units += 1;
    else if (EXTENDED.has(letter)) units += 2;
    else { costly = letter; break; }
  }
  const ucs2 = Boolean(costly);
  if (ucs2) units = text.length;
  const whole = ucs2 ? 70 : 160, part = ucs2 ? 67 : 153;
  return { units, costly, encoding: ucs2 ? 'ucs2' : 'gsm7', segments: units <= whole ? (units ? 1 : 0) : Math.ceil(units / part), limit: units <= whole ? whole : part };
}

export function money(micros, currency) {
  if (!micros) return _('Free');
  const amount = micros / 1e6;
  try { return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 4 }).format(amount); }
  catch { return `${amount} ${currency}`.trim(); }
}

// Draws a count below a box. `found` is measure()'s, or the server's preview.
export function draw(box, found, sender, typed) {
  const out = document.getElementById(box.dataset.count);
  if (!out) return;
  const small = out.classList.contains('sm') ? ' end sm muted' : '';
  if (sender.channel === 'email') { out.className = `ctr${small}`; out.textContent = _('Email'); warn(box, found, ''); return; }
  const attached = box.closest('form')?.elements.media?.value;
  if (found.channel === 'mms' || (!found.channel && attached)) {
    out.className = `ctr${small}${attached ? '' : ' over'}`;   // without a file it is the length that makes it dear
    out.replaceChildren(make('b', {}, 'MMS'), ...(found.cost ? [' · ', make('b', {}, money(found.cost, found.currency))] : sender.mediaPrice ? [` · ${sender.mediaPrice.replace(/^MMS /, '')}`] : []));
    warn(box, found, '');
    return;
  }
  const parts = found.segments, room = parts > 1 ? parts * found.limit : found.limit;
  out.className = `ctr${small}${parts > 3 ? ' over' : parts > 1 ? ' warn' : ''}`;
  out.replaceChildren(`${found.units} / ${room}`);
  const cost = found.cost ?? Number(sender.price) * Math.max(1, parts);
  if (typed) out.append(' · ', make('b', {}, ngettext('%(num)s part', '%(num)s parts', parts)), ` · ${found.encoding === 'ucs2' ? 'Unicode' : 'GSM'}`);
  else if (sender.currency) out.append(` · ${sender.price > 0 ? _('%(price)s a part', { price: money(Number(sender.price), sender.currency) }) : _('Free')}`);
  // What has no price is not free: nothing is said.
  const currency = found.currency || sender.currency;
  if (typed && currency) out.append(' · ', make('b', {}, money(cost, currency)));
  warn(box, found, parts > 3 ? _('Asks before it sends') : parts > 1 ? _('Costs more than one message') : '');
}

// Said aloud when it changes, and only then: not with each letter.
function warn(box, found, words) {
  const out = box.closest('form')?.querySelector('[data-warn]');
  if (!out) return;
  const costly = found.costly && !found.refusal && !found.notice, helps = found.plain ? Object.keys(found.plain).length > 0 : measure(plain({ value: box.value })).encoding === 'gsm7', fixed = costly && helps;
  box.instead = found.plain ?? PLAIN;
  const said = found.refusal || found.notice || (fixed ? _('“%(letter)s” makes this Unicode.', { letter: found.costly }) : costly && found.segments > 1 ? _('%(letter)s limits parts to 67', { letter: found.costly }) : words);
  if (out.dataset.said === said && out.childNodes.length === (said ? (fixed ? 3 : 1) : 0)) return;
  out.dataset.said = said;
  out.replaceChildren(...(said ? [said] : []), ...(fixed ? [' ', make('button', { type: 'button', class: 'link', 'data-act': 'plain' }, _('Use plain text'))] : []));
}

// The text with plain characters in the place of those that make it dear: as the server said, or the usual ones before it did.
export const plain = box => [...box.value].map(letter => (box.instead ?? PLAIN)[letter] ?? letter).join('');
export const hasCount = box => Boolean(box?.dataset.count && $(`#${box.dataset.count}`));
