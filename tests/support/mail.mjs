// SPDX-License-Identifier: EUPL-1.2
// Mail around the product: a server that takes what goes out (smtp-server, with the faults of real ones), a mailbox to
// read from (Dovecot as an unprivileged process of its own), and people who write.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { freePort, run, until } from './server.mjs';

export const ADDRESS = 'aide@example.org';
export const SECRET = 'journey-mail-secret-0123456789';

// ---- reading what went out, as a mail program would ----

const decodeWords = (text) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, b) => Buffer.from(b, 'base64').toString('latin1'))
    .replace(/[\x80-\xff]+/g, (s) => Buffer.from(s, 'latin1').toString('utf8'));

function entity(raw) {
  const at = raw.indexOf('\r\n\r\n');
  const headers = new Map();
  for (const line of raw.slice(0, at).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    assert.ok(colon > 0 && !headers.has(name), `a header twice or broken: ${line}`);
    headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: raw.slice(at + 4) };
}

export function readMail(raw) {
  const top = entity(raw);
  const parts = [];
  const walk = (e) => {
    const type = e.headers.get('content-type') ?? 'text/plain';
    const boundary = /boundary="([^"]+)"/.exec(type)?.[1];
    if (boundary) for (const piece of e.body.split(`--${boundary}`).slice(1, -1)) walk(entity(piece.replace(/^\r\n/, '')));
    else parts.push({ type, disposition: e.headers.get('content-disposition') ?? '', bytes: Buffer.from(e.body.replace(/\s/g, ''), 'base64') });
  };
  walk(top);
  const get = (name) => top.headers.get(name);
  return {
    raw,
    get,
    subject: decodeWords(get('subject') ?? ''),
    to: get('to'),
    id: get('message-id'),
    replyTo: /<([^>]+)>/.exec(get('reply-to') ?? '')?.[1],
    text: (parts.find((p) => p.type.startsWith('text/plain'))?.bytes ?? Buffer.alloc(0)).toString('utf8').replace(/\r\n/g, '\n'),
    files: parts.filter((p) => p.disposition.startsWith('attachment')),
    stop: /<([^>]+)>/.exec(get('list-unsubscribe') ?? '')?.[1],
  };
}

// The files of a mail as another program finds them (Python's own mail package): [{ name, type, bytes }].
export async function filesByPython(mail) {
  const script = `
import base64, email, email.policy, json, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(json.dumps([{'name': p.get_filename(), 'type': p.get_content_type(), 'bytes': base64.b64encode(p.get_payload(decode=True)).decode()} for p in m.iter_attachments()]))
`;
  const r = await run('python3', ['-c', script], { input: Buffer.from(mail.raw, 'latin1') });
  assert.equal(r.code, 0, r.err);
  return JSON.parse(r.out).map((f) => ({ ...f, bytes: Buffer.from(f.bytes, 'base64') }));
}

// ---- the server that takes mail ----

// smtp-server shows domains in Unicode; on the line they are ASCII, and so they are compared here.
const onTheLine = (address) => {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `${address.slice(0, at)}@${new URL(`http://${address.slice(at + 1)}`).hostname}`;
};

const refusal = (responseCode, message) => Object.assign(new Error(message), { responseCode });

export class Outlet {
  // faults: [{ to, kind, times }] with kind '450', '421', '550-gone', '550-policy', '452-full', 'drop-after-data', 'drop-early', 'slow', 'no-login'
  static async start() {
    const o = new Outlet();
    Object.assign(o, { taken: [], seen: [], faults: [] });
    o.port = await freePort();
    const fault = (address, ...kinds) => {
      const f = o.faults.find((x) => x.times > 0 && kinds.includes(x.kind) && (!x.to || x.to === address));
      if (f) f.times--;
      return f?.kind;
    };
    const line = (session) => [...o.server.connections].find((c) => c.id === session.id)?._socket;
    o.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      hideSize: false,
      onMailFrom: (address, session, done) => done(),
      onRcptTo(address, session, done) {
        const to = onTheLine(address.address);
        switch (fault(to, '450', '421', '550-gone', '550-policy', '452-full', 'drop-early', '535')) {
          case '450':
            return done(refusal(450, '4.2.1 come back later'));
          case '452-full':
            return done(refusal(452, '4.2.2 mailbox is full'));
          case '421':
            return done(refusal(421, '4.7.0 too much at once'));
          case '535':
            return done(refusal(535, '5.7.8 who are you'));
          case '550-gone':
            return done(refusal(550, '5.1.1 no such mailbox'));
          case '550-policy':
            return done(refusal(550, '5.7.1 not from you'));
          case 'drop-early':
            return line(session)?.destroy();
        }
        done();
      },
      onData(stream, session, done) {
        const pieces = [];
        stream.on('data', (d) => pieces.push(d));
        stream.on('end', () => {
          const mail = { from: session.envelope.mailFrom.address, rcpt: session.envelope.rcptTo.map((r) => onTheLine(r.address)), ...readMail(Buffer.concat(pieces).toString('latin1')) };
          o.seen.push(mail);
          const kind = fault(mail.rcpt[0], 'drop-after-data', 'lost-after-data', 'slow', '554');
          if (kind === 'lost-after-data') return line(session)?.destroy();
          if (kind === '554') return done(refusal(554, '5.6.0 looks like spam'));
          o.taken.push(mail);
          if (kind === 'drop-after-data') return line(session)?.destroy();
          if (kind === 'slow') return setTimeout(done, 2000);
          done();
        });
      },
    });
    o.server.on('error', () => {}); // a broken line is what some tests ask for
    await new Promise((resolve, reject) => o.server.listen(o.port, '127.0.0.1', resolve).on('error', reject));
    return o;
  }
  get url() {
    return `smtp://127.0.0.1:${this.port}`;
  }
  fail(kind, { to, times = 1 } = {}) {
    this.faults.push({ kind, to, times });
  }
  of(address) {
    return this.taken.filter((m) => m.rcpt.includes(address));
  }
  // The first mail to that address, after the first `after`, that fits.
  heard(address, fits, { after = 0, ms = 15000 } = {}) {
    const test = fits instanceof RegExp ? (m) => fits.test(m.text) : typeof fits === 'function' ? fits : (m) => m.text.includes(fits);
    return until(`${fits} to ${address}`, () => this.of(address).slice(after).find(test), ms, 40);
  }
  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// ---- people ----

export class Writer {
  constructor(address, name, { deliver }) {
    Object.assign(this, { address, name, deliver, n: 0 });
  }
  // The bytes of a mail; reply: what it answers (a mail we took), then quoted as mail programs do.
  compose(text, { reply, to = ADDRESS, subject = 'Question', headers = [], quote = true, id, type = 'text/plain; charset=utf-8' } = {}) {
    this.last = id ?? `<${crypto.randomBytes(9).toString('hex')}@${this.address.split('@')[1]}>`;
    const target = reply?.replyTo ?? to;
    const quoted = reply && quote ? `\n\nLe 3 mars 2026 à 10:12, Aide <${ADDRESS}> a écrit :\n${reply.text.split('\n').map((l) => `> ${l}`).join('\n')}\n` : '';
    const lines = [
      `From: =?UTF-8?B?${Buffer.from(this.name).toString('base64')}?= <${this.address}>`,
      `To: <${target}>`,
      `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
      `Message-ID: ${this.last}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      ...(reply ? [`In-Reply-To: ${reply.id}`, `References: ${reply.id}`] : []),
      'MIME-Version: 1.0',
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      ...headers,
      '',
      Buffer.from(`${text}${quoted}`).toString('base64').replace(/.{76}/g, '$&\n'),
      '',
    ];
    return { raw: lines.join('\n'), recipient: target };
  }
  async write(text, options) {
    const mail = this.compose(text, options);
    const r = await this.deliver(mail.raw, { recipient: mail.recipient, sender: this.address });
    assert.equal(r.code, 0, `${r.out}${r.err}`);
    return mail;
  }
}

// What a mail server says when an address does not exist (RFC 3464), about a mail we sent.
export function bounce(mail, { status = '5.1.1', action = 'failed' } = {}) {
  return [
    'From: MAILER-DAEMON@mx.example.net',
    `To: <${mail.from}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${crypto.randomBytes(9).toString('hex')}@mx.example.net>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I could not deliver it.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${mail.rcpt[0]}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    mail.raw.replace(/\r\n/g, '\n').slice(0, 2000),
    '--b--',
    '',
  ].join('\n');
}

// ---- a mailbox ----

export class Mailbox {
  static async start() {
    const m = new Mailbox();
    const user = os.userInfo();
    m.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pw-dovecot-'));
    m.port = await freePort();
    m.user = 'boite';
    m.password = 'mot de passe "étrange" \\'.replace('é', 'e');
    m.mail = path.join(m.dir, 'mail');
    for (const f of ['mail/new', 'mail/cur', 'mail/tmp', 'run', 'state']) fs.mkdirSync(path.join(m.dir, f), { recursive: true });
    // Debian's login process wants another user when it runs as root: then it becomes "nobody" of the system itself.
    const root = user.uid === 0;
    if (root) {
      await run('chown', ['-R', 'nobody:nogroup', path.join(m.dir, 'mail')]);
      fs.chmodSync(m.dir, 0o755);
    }
    const who = root ? 'nobody' : user.username;
    const group = root ? 'nogroup' : (await run('id', ['-gn'])).out.trim();
    fs.writeFileSync(path.join(m.dir, 'users'), `${m.user}:{PLAIN}${m.password}\n`, { mode: 0o644 });
    fs.writeFileSync(
      path.join(m.dir, 'dovecot.conf'),
      `base_dir = ${m.dir}/run
state_dir = ${m.dir}/state
log_path = ${m.dir}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = ${root ? 'dovecot' : who}
default_login_user = ${root ? 'dovenull' : who}
default_internal_group = ${root ? 'dovecot' : group}
mail_location = maildir:${m.mail}
first_valid_uid = 1
mail_uid = ${who}
mail_gid = ${group}
service imap-login {
  inet_listener imap {
    port = ${m.port}
  }
  inet_listener imaps {
    port = 0
  }
  chroot =
}
service anvil {
  chroot =
}
passdb {
  driver = passwd-file
  args = scheme=plain ${m.dir}/users
}
userdb {
  driver = static
  args = uid=${who} gid=${group} home=${m.dir}/mail
}
namespace inbox {
  inbox = yes
  mailbox Traités {
    auto = create
  }
  mailbox Done {
    auto = create
  }
}
`,
    );
    m.child = spawn('dovecot', ['-F', '-c', path.join(m.dir, 'dovecot.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    m.child.stderr.on('data', (d) => (said += d));
    m.child.stdout.on('data', (d) => (said += d));
    m.ended = new Promise((resolve) => m.child.on('close', resolve));
    const log = () => (fs.existsSync(`${m.dir}/log`) ? fs.readFileSync(`${m.dir}/log`, 'utf8') : '');
    await until('the mailbox', async () => {
      assert.equal(m.child.exitCode, null, `dovecot ended: ${said}${log()}`);
      return log().includes('starting up');
    });
    return m;
  }
  get url() {
    return `imap://127.0.0.1:${this.port}`;
  }
  put(raw) {
    const name = `${Date.now()}.${crypto.randomBytes(8).toString('hex')}.test`;
    const tmp = path.join(this.mail, 'tmp', name);
    fs.writeFileSync(tmp, raw, { mode: 0o666 });
    if (os.userInfo().uid === 0) fs.chownSync(tmp, 65534, 65534);
    fs.renameSync(tmp, path.join(this.mail, 'new', name));
  }
  // The messages in a folder: their bytes and flags.
  look(folder = '') {
    const at = path.join(this.mail, folder ? `.${folder}` : '');
    return ['new', 'cur'].flatMap((d) => (fs.existsSync(path.join(at, d)) ? fs.readdirSync(path.join(at, d)).map((f) => ({ seen: /:2,[A-Z]*S/.test(f), deleted: /:2,[A-Z]*T/.test(f), raw: fs.readFileSync(path.join(at, d, f), 'utf8') })) : []));
  }
  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}
