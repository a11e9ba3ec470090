/** Light and dark as the reader's system has it; narrow and wide; readable in print. */
export const reportStyle = `
:root { color-scheme: light dark; --back: #ffffff; --text: #1b1f24; --dim: #57606a; --line: #d5d9df; --soft: #f4f6f8; --link: #0b57a4;
  --good: #17683a; --good-back: #e6f4ec; --bad: #a8201a; --bad-back: #fcecea; --waiting: #7a5200; --waiting-back: #fdf3dc;
  --added: #e4f5ea; --added-mark: #b5e3c5; --removed: #fbe9e8; --removed-mark: #f3c3bf; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171b; --text: #e3e7ec; --dim: #a0a9b4; --line: #3a414b; --soft: #20252c; --link: #8ec3ff;
    --good: #6fd19a; --good-back: #12291b; --bad: #ff9a92; --bad-back: #331a18; --waiting: #f0c56c; --waiting-back: #2e2510;
    --added: #16331f; --added-mark: #275c37; --removed: #3d1c1b; --removed-mark: #6e2c29; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; background: var(--back); color: var(--text); }
a { color: var(--link); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .3rem .6rem; z-index: 1; }
.page { max-width: 84rem; margin: 0 auto; padding: 1.25rem; }
nav { margin: 1rem 0; border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; font-size: 14px; }
nav ol { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .15rem 1rem; }
nav a { display: inline-block; padding: .25rem 0; text-decoration: none; }
nav a:hover, nav a:focus { text-decoration: underline; }
@media (min-width: 70rem) {
  .columns { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 2rem; align-items: start; }
  nav { position: sticky; top: 1rem; border: 0; border-right: 1px solid var(--line); border-radius: 0; padding: .2rem .8rem .2rem 0; max-height: calc(100vh - 2rem); overflow-y: auto; }
  nav ol { display: block; }
  nav a { display: block; }
}
main, .columns > div { min-width: 0; }
.columns > div > h2:first-child { margin-top: .8rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; overflow-wrap: anywhere; scroll-margin-top: .5rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p, li { overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; }
li { margin: .2rem 0; }
.banner { border: 1px solid var(--line); border-left: 6px solid var(--waiting); background: var(--waiting-back); border-radius: 8px; padding: .9rem 1.1rem; }
.banner.good { border-left-color: var(--good); background: var(--good-back); }
.banner.bad { border-left-color: var(--bad); background: var(--bad-back); }
.banner p { margin: .25rem 0; color: var(--text); font-weight: 400; }
.banner .answer { font-size: 1.2rem; font-weight: 650; }
.banner.good .answer { color: var(--good); } .banner.bad .answer { color: var(--bad); } .banner.waiting .answer { color: var(--waiting); }
.banner code { background: var(--back); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .6rem; margin: .9rem 0 0; }
.tiles div { border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem; min-width: 0; }
.tiles dt { color: var(--dim); font-size: 13px; }
.tiles dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.table { overflow-x: auto; }
.table:focus { outline: 2px solid var(--link); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; color: var(--dim); font-size: 13px; }
td { min-width: 3.5rem; max-width: 40rem; overflow-wrap: break-word; }
td.number, th.number { text-align: right; white-space: nowrap; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--soft); padding: .05rem .3rem; border-radius: 4px; overflow-wrap: anywhere; }
td code.short { white-space: nowrap; }
td code.long { overflow-wrap: anywhere; word-break: break-all; }
pre { background: var(--soft); margin: .4rem 0; padding: .75rem; overflow-x: auto; border-radius: 6px; }
details { margin: .35rem 0; border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; padding: .35rem .7rem; overflow-wrap: anywhere; }
summary:hover { background: var(--soft); }
details > :not(summary) { margin-left: .7rem; margin-right: .7rem; }
details > pre { margin: 0; border-radius: 0 0 6px 6px; }
details > pre.diff { padding: .4rem 0; }
.about { color: var(--dim); font-size: 13px; margin-left: .5rem; }
.l { display: inline-block; min-width: 100%; padding-right: .75rem; white-space: pre; }
.l[data-n]::before { content: attr(data-n); display: inline-block; width: 2.6rem; margin-right: .6rem; text-align: right; color: var(--dim); }
.l.added { background: var(--added); } .l.removed { background: var(--removed); }
.l.hunk { color: var(--dim); background: var(--soft); padding-left: 3.2rem; } .l.head { color: var(--dim); padding-left: 3.2rem; }
mark { color: inherit; background: transparent; border-radius: 2px; }
.added mark { background: var(--added-mark); } .removed mark { background: var(--removed-mark); }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .waiting { color: var(--waiting); font-weight: 600; }
.find { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0; }
.find[hidden] { display: none; }
input[type="search"] { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--dim); border-radius: 6px; padding: .3rem .6rem; width: min(22rem, 100%); }
button { font: 13px/1.4 system-ui, sans-serif; color: inherit; background: var(--soft); border: 1px solid var(--dim); border-radius: 6px; padding: .2rem .6rem; cursor: pointer; }
button.copy { margin-left: .4rem; }
.row { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .2rem .8rem; align-items: center; margin: .45rem 0; }
.row svg { display: block; width: 100%; height: 14px; background: var(--soft); border-radius: 3px; }
.row .words { grid-column: 2; color: var(--dim); font-size: 13px; }
.preparing { fill: var(--dim); } rect.working { fill: var(--link); } rect.waiting { fill: var(--waiting); } rect.checking { fill: var(--good); }
@media (max-width: 40rem) {
  .page { padding: .8rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .row { grid-template-columns: 1fr; } .row .words { grid-column: 1; }
  .about { display: block; margin-left: 0; }
}
@media print {
  :root { --back: #fff; --text: #000; }
  .page { max-width: none; padding: 0; }
  .columns { display: block; }
  nav, .find, button, .skip { display: none !important; }
  pre, .l { white-space: pre-wrap; overflow-wrap: anywhere; }
  details, .banner, tr { break-inside: auto; }
}
`;
