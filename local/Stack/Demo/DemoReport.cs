using Serverless.Ingest.Ledgers;

namespace Serverless.Local.Stack.Demo;

/// <summary>The demo's facts, as <c>artifacts/demo.json</c> keeps them.</summary>
internal sealed record DemoReport(
    DateTimeOffset Finished,
    double Seconds,
    IReadOnlyList<DemoAsset> Assets,
    IReadOnlyList<IngestSummary> Stores,
    IngestSummary Total,
    IReadOnlyList<DemoSearch> Searches
);

/// <param name="Seconds">From the upload's arrival in the ledger to its result.</param>
internal sealed record DemoAsset(
    string Key,
    string Store,
    string? Kind,
    string State,
    string Found,
    IReadOnlyList<string> Models,
    double Seconds
);

internal sealed record DemoSearch(string Query, IReadOnlyList<DemoHit> Hits);

internal sealed record DemoHit(string Key, string Store, string Place, double Score, string Text);
