namespace Serverless.Cards;

internal static class CardStyle
{
    public const string Css = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { margin: 0; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
        h1 { margin: 0 0 .25rem; font-size: 1.75rem; }
        h2 { margin: 2.5rem 0 .75rem; border-bottom: 1px solid #8886; padding-bottom: .25rem; font-size: 1.3rem; }
        h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
        dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; margin: 0; }
        dt { color: #777; }
        dd { margin: 0; overflow-wrap: anywhere; }
        .quiet { color: #777; }
        .table { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .875rem; }
        th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; text-align: left; }
        th, td { min-width: 4.5rem; vertical-align: top; }
        td { overflow-wrap: anywhere; }
        blockquote { margin: 0; border-left: 3px solid #8888; padding: .1rem 1rem; overflow-wrap: anywhere; }
        blockquote h1, blockquote h2, blockquote h3 { border: 0; margin: 1rem 0 .5rem; font-size: 1.05rem; }
        pre { overflow-x: auto; white-space: pre-wrap; }
        @media (prefers-color-scheme: dark) { dt, .quiet { color: #aaa; } }
        @media print { nav { display: none; } section { break-inside: avoid-page; } }
        """;
}
