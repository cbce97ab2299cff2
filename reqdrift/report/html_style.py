"""The style of the page, for light and dark screens and for paper."""

from __future__ import annotations

STYLE = """\
:root {
  --page: #ffffff; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --shade: #f6f8fa;
  --clean: #116329; --drift: #a40e26; --failed: #7d2e00; --warning: #7d4e00;
  --clean-shade: #dafbe1; --drift-shade: #ffebe9; --failed-shade: #fff1e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --dim: #9da7b3; --line: #3d444d; --shade: #161b22;
    --clean: #56d364; --drift: #ff938a; --failed: #ffa657; --warning: #e3b341;
    --clean-shade: #0f2f18; --drift-shade: #3b1416; --failed-shade: #3a2410;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 80rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
header { padding: 1rem; border-left: .5rem solid; border-radius: .25rem; }
header h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
header p { margin: .25rem 0 0; color: var(--text); font-size: 1.125rem; }
header.clean { color: var(--clean); background: var(--clean-shade); }
header.drift { color: var(--drift); background: var(--drift-shade); }
header.failed { color: var(--failed); background: var(--failed-shade); }
section { margin-top: 2rem; }
h2 { margin: 0 0 .5rem; font-size: 1.25rem; }
h2 a { color: inherit; text-underline-offset: .2em; }
p { margin: .5rem 0; }
.count { color: var(--dim); font-weight: normal; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td {
  padding: .375rem .75rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top;
}
thead th { background: var(--shade); white-space: nowrap; }
tbody th { font-weight: 600; }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre {
  margin: .5rem 0; padding: .75rem; background: var(--shade); white-space: pre-wrap;
  border: 1px solid var(--line); border-radius: .25rem;
}
pre code { font-size: inherit; }
small { color: var(--dim); font-size: .875em; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
.warning { color: var(--warning); font-weight: 600; }
td.drift { background: var(--drift-shade); color: var(--drift); }
td.quiet { color: var(--dim); }
b.clean { color: var(--clean); }
b.drift { color: var(--drift); }
b.failed { color: var(--failed); }
td.drift small { color: inherit; }
.matrix th, .matrix td { overflow-wrap: normal; white-space: nowrap; }
@media screen and (max-width: 40rem) {
  body { padding: .5rem; }
  .list thead { display: none; }
  .list tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .list td { display: block; padding: .125rem .25rem; border: 0; }
  .list td[data-name]::before { content: attr(data-name) ": "; color: var(--dim); }
}
@media print {
  :root {
    --page: #ffffff; --text: #000000; --dim: #444444; --line: #999999; --shade: #ffffff;
    --clean: #116329; --drift: #a40e26; --failed: #7d2e00; --warning: #7d4e00;
    --clean-shade: #ffffff; --drift-shade: #ffffff; --failed-shade: #ffffff;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; }
  h2 { break-after: avoid; }
  tr, pre { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
