namespace Serverless.Ingest.Ledgers;

/// <summary>
/// The uploads of one store, each counted once as what its current version has come to. Always
/// <c>Expected = Processed + Quarantined + Missing</c>; what is being worked on is missing until it has a result.
/// </summary>
/// <param name="Processing">How many of the missing are being worked on.</param>
public sealed record IngestSummary(
    string Store,
    long Expected = 0,
    long Processed = 0,
    long Quarantined = 0,
    long Missing = 0,
    long Processing = 0
)
{
    /// <summary>Adds one upload; null is one that the ledger does not know.</summary>
    public IngestSummary Count(AssetState? state) =>
        state switch
        {
            AssetState.Processed => this with { Expected = Expected + 1, Processed = Processed + 1 },
            AssetState.Quarantined => this with { Expected = Expected + 1, Quarantined = Quarantined + 1 },
            AssetState.Processing => this with { Expected = Expected + 1, Missing = Missing + 1, Processing = Processing + 1 },
            _ => this with { Expected = Expected + 1, Missing = Missing + 1 },
        };

    public static IngestSummary Total(IEnumerable<IngestSummary> stores) =>
        stores.Aggregate(new IngestSummary("all"), (sum, one) =>
            new IngestSummary(
                "all",
                sum.Expected + one.Expected,
                sum.Processed + one.Processed,
                sum.Quarantined + one.Quarantined,
                sum.Missing + one.Missing,
                sum.Processing + one.Processing
            )
        );
}
