// A message centre on node-smpp, for tests. It prints one JSON line an event and takes one JSON line a command.
//
// Environment: CERT and KEY (TLS), PASSWORD, RECEIPT (text, tlv, none), RECEIPT_DELAY in milliseconds (-1: before the
// response), IDS (hex: hexadecimal in answers, decimal in receipts).
// The last two digits of a destination dial a fault or a feature:
//   88 throttled   87 queue full   86 silent   85 cut the link   84 burst of 500 messages   83 unbind
//   82 wrong destination   81 second part throttled once, 79 always   80 answer without a body   99 a long message in all forms
//   78 answers when told (command `answer`)   77 throttled while more than two are unanswered, else taken 20 ms later
'use strict';
const fs = require('fs');
const readline = require('readline');
const smpp = require('smpp');

const { CERT, KEY, PASSWORD, IDS, RECEIPT = 'text', RECEIPT_DELAY = '0' } = process.env;
const sessions = new Set();
let count = 122;
let throttledOnce = false;
let busy = 0;
const held = [];

const say = (event, facts = {}) => console.log(JSON.stringify({ event, ...facts }));
const text = (value) => (Buffer.isBuffer(value) ? value.toString('hex') : value);

function deliver(session, pdu) {
  const short = pdu.short_message === undefined ? null : text(pdu.short_message);
  session.deliver_sm(pdu, (answer) => say('deliver_sm_resp', { sequence: answer.sequence_number, status: answer.command_status, text: short }));
}

function receipt(session, submit, number) {
  const id = String(number);
  const pdu = { esm_class: 4, source_addr: submit.destination_addr, destination_addr: submit.source_addr, source_addr_ton: 1, dest_addr_ton: 1 };
  if (RECEIPT === 'tlv') Object.assign(pdu, { receipted_message_id: id, message_state: 2 });
  else pdu.short_message = `id:${id} sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD err:000 text:`;
  if (submit.user_message_reference !== undefined) pdu.user_message_reference = submit.user_message_reference;
  deliver(session, pdu);
}

function accept(session, submit) {
  const number = ++count;
  const answer = () => session.send(submit.response({ message_id: IDS === 'hex' ? number.toString(16).toUpperCase().padStart(8, '0') : String(number) }));
  const wanted = RECEIPT !== 'none' && submit.registered_delivery;
  const delay = Number(RECEIPT_DELAY);
  if (wanted && delay < 0) receipt(session, submit, number);
  answer();
  if (wanted && delay === 0) receipt(session, submit, number);
  if (wanted && delay > 0) setTimeout(receipt, delay, session, submit, number);
}

function longForms(session, submit) {
  const from = { source_addr: submit.destination_addr, source_addr_ton: 1, destination_addr: submit.source_addr, dest_addr_ton: 1 };
  const udh = (header, message) => ({ ...from, esm_class: 0x40, data_coding: 0, short_message: Buffer.concat([Buffer.from(header), Buffer.from(message)]) });
  deliver(session, udh([5, 0, 3, 7, 2, 2], 'eight two'));
  deliver(session, udh([5, 0, 3, 7, 2, 1], 'eight one '));
  for (const [index, message] of [[2, 'sar two'], [1, 'sar one ']]) {
    deliver(session, { ...from, data_coding: 0, short_message: Buffer.from(message), sar_msg_ref_num: 700, sar_total_segments: 2, sar_segment_seqnum: index });
  }
  deliver(session, udh([6, 8, 4, 1, 2, 2, 2], 'sixteen two'));
  deliver(session, udh([6, 8, 4, 1, 2, 2, 1], 'sixteen one '));
  deliver(session, { ...from, data_coding: 8, message_payload: Buffer.from('payload \u{1f600} ж', 'utf16le').swap16() });
}

const dials = {
  88: (session, pdu) => session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED })),
  87: (session, pdu) => session.send(pdu.response({ command_status: smpp.ESME_RMSGQFUL })),
  86: () => {},
  85: (session) => session.destroy(),
  84: (session, pdu) => {
    accept(session, pdu);
    for (let n = 0; n < 500; n++) deliver(session, { source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, source_addr_ton: 1, short_message: `burst ${n}` });
  },
  83: (session, pdu) => { session.unbind(() => say('unbind_resp')); accept(session, pdu); },
  82: (session, pdu) => session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR })),
  81: (session, pdu, always = false) => {
    const header = (pdu.short_message.udh || [])[0];
    if ((throttledOnce && !always) || !header || header[header.length - 1] !== 2) return accept(session, pdu);
    throttledOnce = true;
    return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  },
  79: (session, pdu) => dials[81](session, pdu, true),
  80: (session, pdu) => session.socket.write(Buffer.from(`00000010${'80000004'}00000000${pdu.sequence_number.toString(16).padStart(8, '0')}`, 'hex')),
  99: (session, pdu) => { accept(session, pdu); longForms(session, pdu); },
  78: (session, pdu) => held.push(() => accept(session, pdu)),
  77: (session, pdu) => {
    if (busy >= 2) return dials[88](session, pdu);
    busy++;
    return setTimeout(() => { busy--; accept(session, pdu); }, 20);
  },
};

function submitted(session, pdu) {
  const payload = pdu.message_payload && pdu.message_payload.message;
  say('submit_sm', {
    source: pdu.source_addr, source_ton: pdu.source_addr_ton, source_npi: pdu.source_addr_npi,
    destination: pdu.destination_addr, destination_ton: pdu.dest_addr_ton, destination_npi: pdu.dest_addr_npi,
    esm_class: pdu.esm_class, data_coding: pdu.data_coding, registered_delivery: pdu.registered_delivery,
    validity: pdu.validity_period ? pdu.validity_period.toISOString() : null,
    text: text(pdu.short_message.message), udh: (pdu.short_message.udh || []).map(text), payload: payload === undefined ? null : text(payload),
    sar: [pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum].filter((n) => n !== undefined),
    reference: pdu.user_message_reference,
  });
  const unknown = Object.fromEntries(Object.entries(pdu).filter(([name]) => /^\d+$/.test(name)).map(([tag, value]) => [Number(tag).toString(16), text(value)]));
  if (pdu.service_type || Object.keys(unknown).length) say('extras', { service_type: pdu.service_type, tlvs: unknown });
  (dials[pdu.destination_addr.slice(-2)] || accept)(session, pdu);
}

function bound(session, pdu) {
  say(pdu.command, { system_id: pdu.system_id, system_type: pdu.system_type });
  if (PASSWORD && pdu.password !== PASSWORD) session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
  else { sessions.add(session); session.send(pdu.response({ system_id: 'centre' })); }
}

const tls = CERT ? { cert: fs.readFileSync(CERT), key: fs.readFileSync(KEY) } : {};
const server = smpp.createServer(tls, (session) => {
  for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) session.on(command, (pdu) => bound(session, pdu));
  session.on('submit_sm', (pdu) => submitted(session, pdu));
  session.on('enquire_link', (pdu) => { say('enquire_link'); session.send(pdu.response()); });
  session.on('unbind', (pdu) => { say('unbind'); session.send(pdu.response()); session.close(); });
  session.on('generic_nack', (pdu) => say('generic_nack', { status: pdu.command_status, sequence: pdu.sequence_number }));
  session.on('error', () => {});
  session.on('close', () => { sessions.delete(session); say('closed'); });
});

const commands = {
  deliver: (session, { hex, ...pdu }) => deliver(session, hex === undefined ? pdu : { ...pdu, short_message: Buffer.from(hex, 'hex') }),
  answer: () => held.splice(0).forEach((accepted) => accepted()),
  enquire: (session) => session.enquire_link(() => say('enquire_link_resp')),
  unbind: (session) => session.unbind(() => say('unbind_resp')),
  cut: (session) => session.destroy(),
  raw: (session, { hex }) => session.socket.write(Buffer.from(hex, 'hex')),
};
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { command, ...facts } = JSON.parse(line);
  for (const session of [...sessions]) commands[command](session, facts);
}).on('close', () => process.exit(0));
server.listen(0, '127.0.0.1', () => say('listening', { port: server.address().port }));
