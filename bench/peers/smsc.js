// A message centre on node-smpp that answers every submit_sm at once. Environment: RECEIPTS=1 sends a receipt for each.
'use strict';
const smpp = require('smpp');

const receipts = process.env.RECEIPTS === '1';
let count = 0;

function accept(session, submit) {
  const id = String(++count);
  session.send(submit.response({ message_id: id }));
  if (!receipts || !submit.registered_delivery) return;
  session.deliver_sm({
    esm_class: 4, source_addr: submit.destination_addr, destination_addr: submit.source_addr,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:`,
  });
}

const server = smpp.createServer((session) => {
  session.on('bind_transceiver', (pdu) => session.send(pdu.response({ system_id: 'centre' })));
  session.on('submit_sm', (pdu) => accept(session, pdu));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
  session.on('error', () => {});
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
