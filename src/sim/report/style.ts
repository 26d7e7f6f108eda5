// The looks of a report: calm, dense, in the colours of the states, dark or light as the system is.

export const STYLE = `
:root{color-scheme:light dark;
--bg:#e3e8e8;--panel:#f9fbfa;--line:#d5dddc;--line2:#b5c2c2;--ink:#10202a;--ink2:#445862;--ink3:#5d717b;
--alive:#1f7d94;--alive-lo:#d2e6ea;--suspect:#e79f0c;--suspect-mark:#b87900;--suspect-text:#8a5a00;--dead:#c8391a;--left:#5f7178}
@media (prefers-color-scheme:dark){:root{
--bg:#0b0f12;--panel:#10161a;--line:#222c33;--line2:#33414a;--ink:#e6ecee;--ink2:#a9b8bf;--ink3:#7f929b;
--alive:#4fa8bd;--alive-lo:#17333c;--suspect:#f5b83d;--suspect-mark:#f5b83d;--suspect-text:#f5b83d;--dead:#ff7350;--left:#8b9ca5}}
*{box-sizing:border-box;margin:0}
body{font:13px/1.42 "IBM Plex Sans Condensed",ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
color:var(--ink);background:var(--bg);font-variant-numeric:tabular-nums;padding:16px}
main{max-width:1200px;margin:0 auto;display:grid;gap:1px;background:var(--line);border:1px solid var(--line);border-radius:3px}
section,header{background:var(--panel);padding:13px 16px 14px;min-width:0}
header{padding:18px 16px 16px}
h1{font-size:23px;line-height:1.2;font-weight:600;letter-spacing:-.25px}
h1.bad{color:var(--dead)}
h2{font-size:15px;font-weight:600;margin-bottom:2px}
section>p,header>p{color:var(--ink2);font-size:13.5px;max-width:76em}
.quiet,figcaption span{color:var(--ink3)}
code{font:12px/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
background:var(--bg);border-radius:3px;padding:2px 6px;overflow-wrap:anywhere}
dl.stats{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:1px;background:var(--line);padding:0}
dl.stats>div{background:var(--panel);padding:10px 8px 11px 16px}
dt{color:var(--ink3);font-size:12px}
dd{font-size:20px;line-height:1.25;font-weight:600;letter-spacing:-.2px;white-space:nowrap}
dd small{display:block;font-size:12.5px;line-height:1.3;font-weight:400;color:var(--ink2);letter-spacing:0}
table{border-collapse:collapse;margin-top:6px}
th,td{text-align:left;padding:3px 28px 3px 0;border-top:1px solid var(--line);font-weight:400;white-space:nowrap}
thead th{color:var(--ink3);font-size:12px;border-top:0}
td.n,th.n{text-align:right}
td.over{color:var(--suspect-text)}td.broken{color:var(--dead);font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:4px 0 8px;color:var(--ink2)}
.legend span{display:flex;gap:6px;align-items:center}
.legend svg{width:14px;height:12px;flex:none}
.violation{border-left:3px solid var(--dead);padding-left:11px;margin-top:10px}
.violation pre{font:12px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--ink2);overflow-x:auto}
.scroll{overflow-x:auto}
svg.wide{display:block;width:100%;min-width:780px;margin-top:6px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:8px 28px}
figcaption{font-size:15px;font-weight:600}figcaption span{font-size:13px;font-weight:400}
figure svg{display:block;width:100%;margin-top:6px}
text{fill:var(--ink2);font-size:12px}
text.tick{fill:var(--ink3);font-size:11.5px}text.unit{fill:var(--ink2)}text.name{fill:var(--ink2)}
text.alive{fill:var(--alive)}text.suspect{fill:var(--suspect-text)}text.dead{fill:var(--dead)}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--line2);stroke-width:1}
.heal{stroke:var(--ink3);stroke-width:1;stroke-dasharray:2 3}
.truth{fill:none;stroke:var(--ink2);stroke-width:1;stroke-dasharray:3 3}
.area.alive,.area.agree{fill:var(--alive-lo)}.area.suspect{fill:var(--suspect)}.area.dead,.cell.dead{fill:url(#hatch)}
.area.left,.cell.left{fill:var(--left);fill-opacity:.22}
.line{fill:none;stroke-width:1.5}
.line.alive{stroke:var(--alive)}.line.suspect{stroke:var(--suspect-mark)}.line.dead{stroke:var(--dead)}
.line.left{stroke:var(--left);stroke-dasharray:4 3}
.cell.suspect{fill:var(--suspect)}
.life{stroke:var(--alive);stroke-width:1.5}
.end{stroke:var(--ink);stroke-width:2}.end.goodbye{stroke:var(--left);stroke-dasharray:2 2}
.fault{fill:var(--ink3);fill-opacity:.75}line.fault{stroke:var(--ink3);stroke-width:1.5}
.fault.partition{fill:var(--ink2)}line.fault.crash{stroke:var(--dead);stroke-width:2}
.bar{fill:var(--alive)}
.quantile{stroke:var(--ink2);stroke-width:1}.bound{stroke:var(--dead);stroke-width:1;stroke-dasharray:3 3}
.hatch-ground{fill:var(--dead);fill-opacity:.16}.hatch-line{stroke:var(--dead);stroke-width:1.6}
.dot{fill:var(--panel);stroke-width:1.5}.dot.alive{stroke:var(--alive)}.dot.suspect{stroke:var(--suspect-mark)}.dot.dead{stroke:var(--dead)}
footer{background:var(--panel);padding:9px 16px;color:var(--ink3);font-size:12px}
@media print{body{padding:0}}
`;

/** The hatching of the dead, for every figure of the page. */
export const HATCH: string =
	'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>' +
	'<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
	'<rect class="hatch-ground" width="5" height="5"/><line class="hatch-line" x1="0" y1="0" x2="0" y2="5"/>' +
	'</pattern></defs></svg>';
