// The floor: the least that a page must do for a call on this server. One registration, one call at a time, SIP as text,
// no retransmission and no recovery. It gives the browser what our user agent gives it, a description without the lines of
// streams (a=ssrc), so what is left above it is the cost of a user agent.
import JsSIP from 'jssip';   // for its MD5 alone
const { ev } = bench, md5 = text => JsSIP.Utils.calculateMD5(text);
const token = () => crypto.randomUUID().slice(0, 8);
const known = sdp => sdp.replace(/^a=(ssrc|ssrc-group|msid|extmap)[:-].*\r\n/gm, '');
let account, socket, dialog;
const registration = { id: token(), tag: token(), sequence: 0 };

// A message is its first line, the values of its headers by lower-case name, and a body.
function parse(text) {
  const [head, body = ''] = text.split('\r\n\r\n'), [first, ...lines] = head.split('\r\n'), headers = {};
  for (const line of lines) { const at = line.indexOf(':'); (headers[line.slice(0, at).trim().toLowerCase()] ||= []).push(line.slice(at + 1).trim()); }
  return { first, body, one: name => headers[name]?.[0], all: name => headers[name] || [] };
}
function send(first, headers, body = '') {
  const lines = [first];
  for (const [name, value] of headers) if (value !== undefined) for (const v of [value].flat()) lines.push(`${name}: ${v}`);
  if (body) lines.push('Content-Type: application/sdp');
  socket.send([...lines, `Content-Length: ${body.length}`, '', body].join('\r\n'));
}
const uri = () => `sip:${account.user}@${account.domain}`, here = () => `<sip:${account.user}@floor.invalid;transport=ws>`;
const via = () => `SIP/2.0/WS floor.invalid;branch=z9hG4bK${token()}`;

// digest answers a challenge (RFC 7616, MD5).
function digest(response, method, target) {
  const proxy = response.one('proxy-authenticate'), challenge = proxy || response.one('www-authenticate');
  const of = key => challenge.match(new RegExp(`\\b${key}="?([^",]+)`))?.[1];
  const secret = md5(`${account.user}:${of('realm')}:${account.pass}`), act = md5(`${method}:${target}`), cnonce = token();
  const qop = of('qop') ? `, qop=auth, nc=00000001, cnonce="${cnonce}"` : '', middle = qop ? `00000001:${cnonce}:auth:` : '';
  return [proxy ? 'Proxy-Authorization' : 'Authorization', `Digest username="${account.user}", realm="${of('realm')}", nonce="${of('nonce')}", uri="${target}", response="${md5(`${secret}:${of('nonce')}:${middle}${act}`)}"${qop}`];
}

const register = proof => send(`REGISTER sip:${account.domain} SIP/2.0`, [['Via', via()], ['Max-Forwards', '70'], ['From', `<${uri()}>;tag=${registration.tag}`],
  ['To', `<${uri()}>`], ['Call-ID', registration.id], ['CSeq', `${++registration.sequence} REGISTER`], ['Contact', `${here()};expires=300`], ['Supported', 'path, outbound'], proof || []]);
function invite(proof) {
  dialog.via = via();
  send(`INVITE ${dialog.target} SIP/2.0`, [['Via', dialog.via], ['Max-Forwards', '70'], ['From', dialog.from], ['To', dialog.to], ['Call-ID', dialog.id],
    ['CSeq', `${++dialog.sequence} INVITE`], ['Contact', here()], proof || []], dialog.pc.localDescription.sdp);
}
const within = (method, sequence) => send(`${method} ${dialog.target} SIP/2.0`, [['Via', via()], ['Max-Forwards', '70'], ['Route', dialog.routes],
  ['From', dialog.from], ['To', dialog.to], ['Call-ID', dialog.id], ['CSeq', `${sequence} ${method}`]]);
const respond = (request, status, body) => send(`SIP/2.0 ${status}`, [['Via', request.all('via')], ['Record-Route', request.all('record-route')], ['From', request.one('from')],
  ['To', /;tag=/.test(request.one('to')) ? request.one('to') : `${request.one('to')};tag=${dialog?.tag ?? token()}`], ['Call-ID', request.one('call-id')], ['CSeq', request.one('cseq')], ['Contact', here()]], body);

async function connection() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }), pc = new RTCPeerConnection({ iceServers: account.iceServers || [] });
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  return pc;
}
const firstCandidate = pc => new Promise(done => { pc.addEventListener('icecandidate', done, { once: true }); });

async function response(message, code, method) {
  if (method === 'REGISTER') return code === 200 ? ev('registered') : register(digest(message, method, `sip:${account.domain}`));
  if (method !== 'INVITE') return;
  if (code === 401 || code === 407) {
    send(`ACK ${dialog.target} SIP/2.0`, [['Via', dialog.via], ['Max-Forwards', '70'], ['From', dialog.from], ['To', message.one('to')], ['Call-ID', dialog.id], ['CSeq', `${dialog.sequence} ACK`]]);
    invite(digest(message, method, dialog.target));
  } else if (code > 100 && code < 200) ev('progress', { code });
  else if (code === 200) {
    Object.assign(dialog, { to: message.one('to'), routes: message.all('record-route').reverse(), target: message.one('contact').match(/<([^>]+)>/)[1] });
    within('ACK', dialog.sequence);
    await dialog.pc.setRemoteDescription({ type: 'answer', sdp: known(message.body) });
    ev('confirmed');
  }
}
function request(message, method) {
  if (method === 'INVITE') { dialog = { tag: token(), message }; respond(message, '180 Ringing'); return ev('incoming'); }
  if (method === 'ACK') return ev('confirmed');
  respond(message, '200 OK');
  if (method === 'BYE') { dialog.pc.close(); ev('ended'); }
}

bench.ready({
  lib: 'floor',
  start(options) {
    account = options;
    socket = new WebSocket(options.ws, 'sip');
    socket.onopen = () => { ev('connected'); register(); };
    socket.onmessage = ({ data }) => {
      if (!data.trim()) return;
      const message = parse(data), [word, code] = message.first.split(' ');
      if (word === 'SIP/2.0') response(message, +code, message.one('cseq').split(' ')[1]); else request(message, word);
    };
  },
  async call(user) {
    const target = `sip:${user}@${account.domain}`;
    dialog = { target, from: `<${uri()}>;tag=${token()}`, to: `<${target}>`, id: token(), sequence: 0, routes: [], pc: await connection() };
    const found = firstCandidate(dialog.pc);
    await dialog.pc.setLocalDescription();
    await found;
    invite();
  },
  async answer() {
    const { pc, message } = Object.assign(dialog, { pc: await connection() }), found = firstCandidate(pc);
    await pc.setRemoteDescription({ type: 'offer', sdp: known(message.body) });
    await pc.setLocalDescription();
    await found;
    respond(message, '200 OK', pc.localDescription.sdp);
  },
  hangup() { within('BYE', dialog.sequence + 1); dialog.pc.close(); ev('ended'); },
  pc: () => dialog?.pc,
});
