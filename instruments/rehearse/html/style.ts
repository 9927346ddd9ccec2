/** The style of the page: light and dark, readable from 390 px up, nothing loaded from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#18212b;--soft:#586472;--line:#dde3ea;--accent:#1d5fc4;
--good:#177245;--good-bg:#e3f4ea;--bad:#b3261e;--bad-bg:#fbe6e4;--warn:#8a5a00;--warn-bg:#fdf1d8;--idle:#8b96a3;
--t1:#bfe6cd;--t2:#dcefc5;--t3:#f6e6b4;--t4:#f3d0b5;--tick:#18212b}
@media (prefers-color-scheme:dark){:root{--bg:#10151b;--card:#19212a;--ink:#e7edf3;--soft:#9dabb9;--line:#2d3945;
--accent:#7fb0ff;--good:#6fd39b;--good-bg:#16342a;--bad:#ff9b91;--bad-bg:#43201e;--warn:#f0c26a;--warn-bg:#3b2f16;
--idle:#6d7986;--t1:#1d4a34;--t2:#36491f;--t3:#51431a;--t4:#57331f;--tick:#e7edf3}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:90rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0}h2{font-size:1.2rem;margin:2.5rem 0 .75rem}
h3{font-size:.95rem;margin:0;overflow-wrap:anywhere}p{margin:.4rem 0;max-width:75ch}
.eyebrow{color:var(--soft);font-size:.85rem;letter-spacing:.04em;text-transform:uppercase}
.soft{color:var(--soft)}code{font:.85em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0;list-style:none}
.sums li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.75rem 1rem}
.sums b{display:block;font-size:1.6rem;line-height:1.2}.sums .bad b{color:var(--bad)}.sums .good b{color:var(--good)}
.verdict{display:inline-block;font-weight:600;border-radius:2rem;padding:.2rem .8rem}
.verdict.good{background:var(--good-bg);color:var(--good)}.verdict.bad{background:var(--bad-bg);color:var(--bad)}
.verdict.warn{background:var(--warn-bg);color:var(--warn)}
.scroll{overflow:auto;max-height:80vh;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
table{border-collapse:separate;border-spacing:0;font-size:.875rem}
caption{text-align:left;padding:.75rem 1rem;color:var(--soft);position:sticky;left:0;max-width:min(70ch,86vw)}
th,td{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:right;vertical-align:middle}
tbody th{position:sticky;left:0;z-index:1;background:var(--card);text-align:left;font-weight:500;min-width:19rem;max-width:24rem;border-right:1px solid var(--line)}
tbody th small{display:block;color:var(--soft);font-weight:400;overflow-wrap:anywhere}
.matrix thead th{position:sticky;top:0;z-index:2;background:var(--card);vertical-align:bottom;font-weight:500}
.matrix thead th:first-child{left:0;z-index:3;text-align:left;border-right:1px solid var(--line)}
.matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;max-height:18rem;overflow:hidden;text-overflow:ellipsis;display:inline-block}
.matrix td{min-width:3.1rem;font-variant-numeric:tabular-nums}
.t1{background:var(--t1)}.t2{background:var(--t2)}.t3{background:var(--t3)}.t4{background:var(--t4)}
td.first{font-weight:700;box-shadow:inset 0 0 0 2px var(--tick)}
.tag{display:inline-block;border-radius:.3rem;padding:0 .4rem;font-size:.75rem;font-weight:600;white-space:nowrap}
.tag.good{background:var(--good-bg);color:var(--good)}.tag.bad{background:var(--bad-bg);color:var(--bad)}
.tag.warn{background:var(--warn-bg);color:var(--warn)}.tag.idle{background:var(--line);color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.4rem 1rem;font-size:.85rem;color:var(--soft);margin:.6rem 0}
.legend i{display:inline-block;width:1rem;height:.8rem;border-radius:.2rem;margin-right:.35rem;vertical-align:-.1rem}
.alarms{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:.9rem}
.alarm{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem;min-width:0}
.alarm.bad{border-color:var(--bad)}.alarm svg{width:100%;height:auto;margin-top:.5rem;display:block}
.alarm p{font-size:.875rem;margin:.3rem 0;overflow-wrap:anywhere}
.findings li{margin:.5rem 0;overflow-wrap:anywhere}
.wide{width:100%}.wide td,.wide th{text-align:left}
@media (max-width:40rem){tbody th{min-width:9.5rem;max-width:9.5rem;font-size:.8rem}main{padding:1rem .75rem 3rem}h1{font-size:1.3rem;overflow-wrap:anywhere}
.tag{white-space:normal}.matrix thead span{max-height:11rem}}
@media print{.scroll{max-height:none;overflow:visible}}
`;
