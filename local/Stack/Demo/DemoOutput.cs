using System.Globalization;
using Serverless.Ingest.Ledgers;
using Spectre.Console;

namespace Serverless.Local.Stack.Demo;

/// <summary>The demo's report for the terminal.</summary>
internal static class DemoOutput
{
    public static void Print(DemoReport report)
    {
        AnsiConsole.Write(Assets(report));
        AnsiConsole.Write(Counts(report));
        foreach (DemoSearch search in report.Searches)
        {
            AnsiConsole.Write(Hits(search));
        }
    }

    private static Table Assets(DemoReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns("Asset", "Store", "Kind", "Found", "Models", "Time");
        foreach (DemoAsset asset in report.Assets)
        {
            table.AddRow(
                new Text(asset.Key.Split('/')[^1]),
                new Text(asset.Store),
                new Text(asset.Kind ?? asset.State),
                new Text(asset.Found),
                new Text(string.Join(", ", asset.Models)),
                new Text(Number(asset.Seconds, "0.00") + " s")
            );
        }
        return table;
    }

    private static Table Counts(DemoReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns("Store", "Expected", "Processed", "Quarantined", "Missing");
        foreach (IngestSummary store in report.Stores.Append(report.Total))
        {
            table.AddRow(store.Store, $"{store.Expected}", $"{store.Processed}", $"{store.Quarantined}", $"{store.Missing}");
        }
        return table;
    }

    private static Table Hits(DemoSearch search)
    {
        Table table = new Table()
            .RoundedBorder()
            .Title(new TableTitle(Markup.Escape(search.Query)))
            .AddColumns("Score", "Asset", "Store", "Place", "Text");
        foreach (DemoHit hit in search.Hits)
        {
            table.AddRow(
                new Text(Number(hit.Score, "0.000")),
                new Text(hit.Key.Split('/')[^1]),
                new Text(hit.Store),
                new Text(hit.Place),
                new Text(hit.Text.Length > 90 ? hit.Text[..90] + " …" : hit.Text)
            );
        }
        return table;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
