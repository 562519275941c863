namespace Serverless.Validation.Reports;

/// <summary>The look of pages that report measurements, light and dark.</summary>
public static class ReportStyle
{
    /// <summary>Colours that stay apart for the colour-blind (Okabe and Ito 2008); signs say the same as colours.</summary>
    public const string Css = """
        :root{--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--back:#fff;--good:#00754f;--bad:#b3400e;--mine:#0072b2;--theirs:#8a6d00}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4ae;--line:#30363d;--back:#0d1117;--good:#2bbd8c;--bad:#f0894f;--mine:#56b4e9;--theirs:#e0b93a}}
        body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:920px;margin:0 auto;padding:24px}
        h1{margin:0;font-size:26px}h2{margin:32px 0 8px;font-size:18px}.version{color:var(--soft);font-weight:400}p{margin:4px 0 12px}
        .verdict{font-size:18px;font-weight:600;border-left:6px solid;padding:4px 12px}.verdict.passed{color:var(--good)}.verdict.failed{color:var(--bad)}
        dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:4px 24px;margin:0}dl div{display:flex;gap:8px;min-width:0}dl .wide{grid-column:1/-1}dt{color:var(--soft);flex:0 0 104px}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--soft);font-weight:500}td,th{padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
        .gates td:nth-child(2){width:56%}.sign{font-weight:700}tr.passed .sign{color:var(--good)}tr.failed .sign,tr.failed b{color:var(--bad)}
        svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}.name{text-anchor:end}.tick{text-anchor:middle;fill:var(--soft)!important}.note{fill:var(--soft)!important}
        .grid{stroke:var(--line)}.mark{stroke:var(--soft);stroke-dasharray:4 3;stroke-width:1.5}.range{stroke-width:3;stroke-linecap:round}.median{stroke:var(--ink);stroke-width:2}
        .candidate{fill:var(--mine);stroke:var(--mine)}.serving{fill:var(--theirs);stroke:var(--theirs)}.good{fill:var(--good);stroke:var(--good)}.bad{fill:var(--bad);stroke:var(--bad)}.faint{fill:var(--soft);stroke:var(--soft);opacity:.5}.dot{stroke:none;opacity:.6}
        """;
}
