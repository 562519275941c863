using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class SpentByKindTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Sum_IsOfAnalysesThatStand_ByKind_WithoutCopies()
    {
        LedgerRow[] rows =
        [
            Row("a", MediaKind.Video, entry => entry.Complete(1, Now, new AnalysisSpending(10, 2, 1_800))),
            Row("b", MediaKind.Video, entry => entry.Complete(1, Now, new AnalysisSpending(20, 0, 600))),
            Row("copy", MediaKind.Video, entry => entry.Complete(1, Now)),
            Row("gone", MediaKind.Video, entry => entry.Complete(1, Now, new AnalysisSpending(99, 0, 9_000)).Vanish(Now)),
            Row("c", MediaKind.Text, entry => entry.Complete(1, Now, new AnalysisSpending(0.5, 0, null))),
            Row("bad", MediaKind.Text, entry => entry.Quarantine(new Failure(FailureKind.Malformed, "torn", false), 1, Now)),
        ];

        Assert.Equal(
            [new SpentByKind(MediaKind.Text, 1, 0, 0.5, 0), new SpentByKind(MediaKind.Video, 2, 2_400, 30, 2)],
            SpentByKind.Sum(rows)
        );
    }

    [Fact]
    public void AnotherRevision_TakesThePlaceOfWhatTheOneBeforeSpent()
    {
        LedgerEntry entry = Row("a", MediaKind.Text, one => one.Complete(1, Now, new AnalysisSpending(1, 0, null))).Entry;

        LedgerEntry revised = entry.CompleteRevision(2, Now, new AnalysisSpending(3, 0, null));

        Assert.Equal((1, 3), (entry.Spent!.ProcessorSeconds, revised.Spent!.ProcessorSeconds));
        Assert.Equal(revised, revised.CompleteRevision(2, Now, new AnalysisSpending(7, 0, null)));
    }

    private static LedgerRow Row(string asset, MediaKind kind, Func<LedgerEntry, LedgerEntry> end)
    {
        AssetSource source = new("azure", "media", asset, "1");
        LedgerEntry begun = LedgerEntry.New(source, Now).Begin(1, kind, "text/plain", 5, Now);
        return new LedgerRow(source.AssetId, "azure", "media", asset, end(begun), "1");
    }
}
