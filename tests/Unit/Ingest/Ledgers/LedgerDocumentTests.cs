using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class LedgerDocumentTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void With_ANewVersionThatBegins_EndsTheUnfinishedBeforeIt()
    {
        LedgerDocument document = Empty.With(Begun(1)).With(Begun(2));

        Assert.Equal([AssetState.Processing, AssetState.Superseded], document.Versions.Select(entry => entry.State));
    }

    [Fact]
    public void With_ANewVersion_LeavesResultsBeforeIt()
    {
        LedgerDocument document = Empty.With(Begun(1).Complete(1, Start)).With(Begun(2));

        Assert.Equal([AssetState.Processing, AssetState.Processed], document.Versions.Select(entry => entry.State));
    }

    /// <summary>A late event of an old version registers it after the current one, and must not hide that one.</summary>
    [Fact]
    public void Newest_WithALateOldVersion_IsTheCurrentOne()
    {
        LedgerEntry current = Begun(1);
        LedgerDocument document = Empty.With(current).With(Fresh(2).Supersede(Start));

        Assert.Equal(current, document.Newest);
    }

    [Fact]
    public void Vanish_LeavesWhatWasOverwrittenBefore()
    {
        LedgerDocument document = Empty.With(Begun(1)).With(Begun(2)).Vanish(Start);

        Assert.Equal([AssetState.Gone, AssetState.Superseded], document.Versions.Select(entry => entry.State));
    }

    /// <summary>It was listed for good: nothing tells of what it was overwritten with, and the object is gone.</summary>
    [Fact]
    public void Vanish_OfWhatIsOnlyKnownToBeOverwritten_IsGone()
    {
        LedgerDocument document = Empty.With(Begun(1).Supersede(Start)).Vanish(Start);

        Assert.Equal(AssetState.Gone, document.Newest!.State);
        Assert.Same(document, document.Vanish(Start.AddDays(1)));
    }

    [Fact]
    public void With_MoreVersionsThanAreRemembered_ForgetsTheOldest()
    {
        LedgerDocument document = Empty;
        for (int i = 0; i <= LedgerDocument.RememberedVersions; i++)
        {
            document = document.With(Begun(i));
        }

        Assert.Equal(LedgerDocument.RememberedVersions, document.Versions.Count);
        Assert.Null(document.Find(Begun(0).Version));
        Assert.True(AssetsJson.Write(document).ToMemory().Length < Ledger.MaxDocumentBytes / 4);
    }

    private static LedgerDocument Empty => LedgerDocument.New(SourceOf(0));

    private static AssetSource SourceOf(int version) => new("azure", "media", "a.txt", $"etag-{version}");

    private static LedgerEntry Fresh(int version) => LedgerEntry.New(SourceOf(version), Start.AddSeconds(version));

    private static LedgerEntry Begun(int version) => Fresh(version).Begin(1, MediaKind.Text, "text/plain", 5, Start.AddSeconds(version));
}
