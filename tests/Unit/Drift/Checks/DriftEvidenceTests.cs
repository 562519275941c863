using Serverless.Drift.Checks;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class DriftEvidenceTests
{
    private const int MaxDocumentBytes = 8 << 20;

    /// <summary>Each look has 2,000 streams that no other has, as where callers send ever new names.</summary>
    [Fact]
    public void With_EverNewStreams_KeepsTheMostRecent_AndCountsWhatItDrops()
    {
        DriftEvidence evidence = DriftEvidence.None;
        for (int look = 0; look < 10; look++)
        {
            evidence = evidence.With($"look-{look}", StreamsOf(look, 2_000, ""));
        }

        Assert.Equal(DriftEvidence.MaxStreams, evidence.Sums.Count);
        Assert.Equal(12_000, evidence.Dropped);
        Assert.Contains("9|0", evidence.Sums.Keys);
        Assert.DoesNotContain("5|0", evidence.Sums.Keys);
        Assert.Equal((3, false), (evidence.Unseen!["6|0"], evidence.Unseen.ContainsKey("9|0")));
    }

    /// <summary>Names of other alphabets take six bytes a character in JSON.</summary>
    [Fact]
    public void With_LongNames_StaysWithinTheDocument()
    {
        DriftEvidence evidence = DriftEvidence.None;
        for (int look = 0; look < 6; look++)
        {
            evidence = evidence.With(new string('n', 60) + look, StreamsOf(look, 2_000, new string('語', 250)));
        }

        Assert.InRange(evidence.Sums.Count, 1_000, 4_000);
        Assert.InRange(StoredJson.Write(evidence).Length, 1 << 20, MaxDocumentBytes);
        Assert.Contains(evidence.Sums.Keys, stream => stream.StartsWith("5|", StringComparison.Ordinal));
        Assert.DoesNotContain(evidence.Sums.Keys, stream => stream.StartsWith("0|", StringComparison.Ordinal));
    }

    [Fact]
    public void With_AStreamThatRests_KeepsWhatItHas()
    {
        DriftEvidence evidence = DriftEvidence
            .None.With("1", [new("rests", 5), new("stays", 1)])
            .With("2", [new("stays", 2)])
            .With("3", [new("stays", 3)]);
        DriftEvidence back = evidence.With("4", [new("rests", 6)]);

        Assert.Equal((5, 2), (evidence.Sums["rests"], evidence.Unseen!["rests"]));
        Assert.Equal((6, 3, 0L), (back.Sums["rests"], back.Sums["stays"], back.Dropped));
        Assert.Equal(["stays"], back.Unseen!.Keys);
    }

    private static IEnumerable<KeyValuePair<string, double>> StreamsOf(int look, int count, string name) =>
        Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"{look}|{i}{name}", 1.0));
}
