// Lets Lighthouse judge the phone as it is published: "make lighthouse". Its arguments are a server to start and what that one
// gets. Loads the page three times as a desktop does and three times as a slow telephone does, prints the medians, and ends with
// status 1 where those of the desktop are under the goals.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as launcher from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const goals = { performance: 95, accessibility: 100, 'best-practices': 100 };
const runs = 3;
const flags = ['--headless=new', '--no-first-run', '--disable-gpu', '--disable-quic', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', ...process.getuid() === 0 ? ['--no-sandbox'] : []];

const median = list => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

async function serve(binary, args) {
  const server = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout })) {
    const found = line.match(/http:\/\/[^\s]+/);
    if (found) return { url: found[0], stop: () => server.kill() };
  }
  throw new Error(`${binary} printed no address`);
}

async function judge(url, device) {
  const profile = mkdtempSync(join(tmpdir(), 'webphone-lighthouse-'));
  const chrome = await launcher.launch({ chromePath: process.env.CHROMIUM || '/usr/bin/chromium', chromeFlags: flags, userDataDir: profile });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: 'error', onlyCategories: Object.keys(goals) }, device);
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    return lhr;
  } finally {
    await chrome.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

// lost names the audits that cost points, with what they cost them for.
function lost(lhr, category) {
  return lhr.categories[category].auditRefs.filter(r => r.weight > 0).map(r => lhr.audits[r.id])
    .filter(a => a.score !== null && a.score < 1).map(a => `${a.id} ${a.displayValue || a.score}`);
}

const server = await serve(process.argv[2] || 'build/demo', process.argv.slice(3));
let failed = false;
try {
  for (const [name, device] of [['desktop', desktopConfig], ['mobile', undefined]]) {
    const results = [];
    for (let i = 0; i < runs; i++) results.push(await judge(server.url, device));
    for (const [category, goal] of Object.entries(goals)) {
      const scores = results.map(r => Math.round(r.categories[category].score * 100));
      const score = median(scores), missed = device && score < goal;
      failed ||= missed;
      const worst = results[scores.indexOf(Math.min(...scores))];
      const wanted = device ? `, goal ${goal}${missed ? ' MISSED' : ''}` : '';
      console.log(`${name} ${category.padEnd(15)} ${score} (of ${scores.join(', ')})${wanted}  ${lost(worst, category).join('; ')}`);
    }
  }
} finally {
  server.stop();
}
process.exitCode = failed ? 1 : 0;
