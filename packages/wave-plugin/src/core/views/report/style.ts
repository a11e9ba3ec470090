/** Light and dark as the reader's system has it; readable in print. */
export const reportStyle = `
:root { color-scheme: light dark; --line: #d5d9df; --soft: #f4f6f8; --good: #17683a; --bad: #a8201a; --waiting: #7a5200; --added: #e4f5ea; --removed: #fbe9e8; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a414b; --soft: #20252c; --good: #6fd19a; --bad: #ff9a92; --waiting: #f0c56c; --added: #16331f; --removed: #3d1c1b; }
}
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
td.number { text-align: right; white-space: nowrap; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
code { background: var(--soft); padding: .05rem .25rem; border-radius: 3px; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; }
details { margin: .4rem 0; }
summary { cursor: pointer; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.waiting { color: var(--waiting); font-weight: 600; }
.added { background: var(--added); }
.removed { background: var(--removed); }
.file { font-weight: 600; }
.hunk { opacity: .7; }
`;
