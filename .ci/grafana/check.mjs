// Checks dashboards/*.json against Grafana's schema package: node check.mjs DASHBOARDS, in a folder with the packages of package.json.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const [folder] = process.argv.slice(2);
const files = fs.readdirSync(folder).filter(name => name.endsWith('.json')).sort();
const work = fs.mkdtempSync(path.join(process.cwd(), 'check-'));
const sources = files.map(name => {
  const text = fs.readFileSync(path.join(folder, name), 'utf8');
  JSON.parse(text);
  const source = path.join(work, name.replace(/\.json$/, '.ts'));
  fs.writeFileSync(source, `import type { Checked } from '../model';\nexport const dashboard: Checked = ${text.trim()};\n`);
  return source;
});
// The check itself: what Grafana does not know must be found.
const broken = {
  'an unknown member': d => { d.panels.find(p => p.type === 'timeseries').colour = 'red'; },
  'an unknown option': d => { d.panels.find(p => p.type === 'timeseries').options.legend.placement = 'left'; },
  'a wrong type': d => { d.panels.find(p => p.type === 'stat').gridPos.h = 'high'; },
  'a wrong threshold': d => { d.panels.find(p => p.type === 'stat').fieldConfig.defaults.thresholds.mode = 'relative'; },
  'a missing schema version': d => { delete d.schemaVersion; },
};
const mustFail = Object.entries(broken).map(([what, breaks], i) => {
  const dashboard = JSON.parse(fs.readFileSync(path.join(folder, files[0]), 'utf8'));
  const all = files.map(name => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
  const whole = all.find(d => d.panels.some(p => p.type === 'stat') && d.panels.some(p => p.type === 'timeseries')) ?? dashboard;
  breaks(whole);
  const source = path.join(work, `broken-${i}.ts`);
  fs.writeFileSync(source, `import type { Checked } from '../model';\nexport const dashboard: Checked = ${JSON.stringify(whole, null, 2)};\n`);
  return { what, source };
});

const program = ts.createProgram([...sources, ...mustFail.map(broken => broken.source)], {
  noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler, types: [],
});
const wrong = new Map();
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const file = diagnostic.file?.fileName ?? 'model';
  const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
  wrong.set(file, [...(wrong.get(file) ?? []), `${path.basename(file)}:${at ? at.line : 0}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')}`]);
}
fs.rmSync(work, { recursive: true });

let failed = 0;
for (const { what, source } of mustFail) {
  if (!wrong.has(source)) { console.error(`The check does not find ${what}.`); failed++; }
  wrong.delete(source);
}
for (const messages of wrong.values()) { failed++; console.error(messages.join('\n')); }
console.log(`${files.length} dashboards, ${failed} wrong`);
process.exit(failed === 0 && files.length > 0 ? 0 : 1);
