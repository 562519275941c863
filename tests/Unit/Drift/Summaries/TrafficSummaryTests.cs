using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Drift.Summaries;

public sealed class TrafficSummaryTests
{
    private const int Rows = 6_000;

    /// <summary>Parts in another order, each through its stored form, make the same counts, and a sample of the same rows.</summary>
    [Fact]
    public void Merge_StoredParts_IsAsIfAllHadComeAtOnce()
    {
        Random random = new(1);
        Observation[] rows = [.. Enumerable.Range(0, Rows).Select(i => DrawnTraffic.Plain(random, i) with { Vector = VectorOf(i) })];
        TrafficSummary whole = TrafficSummary.OfHour(),
            merged = TrafficSummary.OfWindow();
        rows.ToList().ForEach(whole.Add);
        foreach (Observation[] part in rows.Chunk(1_700).Reverse())
        {
            TrafficSummary hour = TrafficSummary.OfHour();
            part.ToList().ForEach(hour.Add);
            merged.Merge(Stored(hour));
        }

        Assert.Equal(whole.Slices.Keys, merged.Slices.Keys);
        foreach ((string name, SliceSummary expected) in whole.Slices)
        {
            SliceSummary found = merged.Slices[name];
            Assert.Equal(expected.Answered, found.Answered);
            Assert.Equal(expected.Categories[FeatureNames.Label].Counts, found.Categories[FeatureNames.Label].Counts);
            Assert.Equal(expected.Numbers["input.f0"].Count, found.Numbers["input.f0"].Count);
            Assert.Equal(expected.Numbers["input.f0"].Mean, found.Numbers["input.f0"].Mean, 1e-9);
            Assert.Equal(expected.Numbers["input.f0"].Squares, found.Numbers["input.f0"].Squares, 1e-6);
            // The window keeps more rows than an hour: among them all that the hour of the whole would.
            Assert.Equal(
                expected.Rows.Rows.Select(row => row.PredictionId),
                found.Rows.Rows.Take(expected.Rows.Count).Select(row => row.PredictionId)
            );
            Assert.Equal(
                expected.Vectors.Rows.Select(row => row.PredictionId),
                found.Vectors.Rows.Take(expected.Vectors.Count).Select(row => row.PredictionId)
            );
            Assert.All(found.Vectors.Rows, row => Assert.NotNull(row.Vector));
        }
    }

    /// <summary>Of 50,000 rows of which a fifth is German, so is a fifth of the sample, within four deviations.</summary>
    [Fact]
    public void Sample_OfUnequalHours_IsFair()
    {
        TrafficSummary window = TrafficSummary.OfWindow();
        foreach ((string language, int count) in new[] { ("en", 40_000), ("de", 10_000) })
        {
            TrafficSummary hour = TrafficSummary.OfHour();
            for (int i = 0; i < count; i++)
            {
                hour.Add(DrawnTraffic.Row($"{language}-{i}", language: language));
            }
            window.Merge(hour.ToStored());
        }

        int german = window.All.Rows.Rows.Count(row => row.Categories[FeatureNames.Language] == "de");
        double expected = window.All.Rows.Count * 0.2;
        Assert.InRange(german, expected - (4 * Math.Sqrt(expected * 0.8)), expected + (4 * Math.Sqrt(expected * 0.8)));
    }

    [Fact]
    public void Add_CaptureThatCameBefore_CountsOnce()
    {
        TrafficSummary summary = TrafficSummary.OfHour();

        summary.Add(DrawnTraffic.Row("p"));
        summary.Add(DrawnTraffic.Row("p"));

        Assert.Equal((1, 1), (summary.All.Answered, summary.Doubled));
    }

    [Fact]
    public void Add_MoreThanItMayHold_IsCountedAndLeftOut()
    {
        TrafficSummary summary = TrafficSummary.OfHour();
        for (int i = 0; i < 3_000; i++)
        {
            summary.Add(DrawnTraffic.Row($"p{i}", label: $"label {i}", language: $"l{i % 100}", more: new() { [$"parameters.p{i}"] = i }));
        }

        Assert.True(summary.All.Categories[FeatureNames.Label] is { IsOverflown: true, Total: 3_000, Counts.Count: 0 });
        Assert.Equal(SummaryLimits.MaxFeatures, summary.All.Numbers.Count + summary.All.Categories.Count);
        Assert.Equal(3_000 - (SummaryLimits.MaxFeatures - 5), summary.All.LeftOut);
        Assert.Equal(
            SummaryLimits.MaxSlicesOfField + 1,
            summary.Slices.Keys.Count(name => name.StartsWith("language=", StringComparison.Ordinal))
        );
        Assert.Equal(84 * 30, summary.Slices["language=(other)"].Answered);
        Assert.InRange(summary.ToStored().Rows.Count, SummaryLimits.HourRows, 3_000);
    }

    [Fact]
    public void Add_NumbersThatAreNone_AreInvalid_AndAbsentOnesMissing()
    {
        TrafficSummary summary = TrafficSummary.OfHour();
        summary.Add(DrawnTraffic.Row("a", more: new() { ["input.x"] = double.NaN }));
        summary.Add(DrawnTraffic.Row("b", more: new() { ["input.x"] = double.PositiveInfinity }));
        summary.Add(DrawnTraffic.Row("c", more: new() { ["input.x"] = 2 }));
        summary.Add(DrawnTraffic.Row("d"));

        TrafficSummary merged = TrafficSummary.OfWindow();
        merged.Merge(Stored(summary));

        Assert.Equal((2, 1), (merged.All.Invalid("input.x"), merged.All.Missing("input.x")));
        Assert.Equal(2, merged.All.Numbers["input.x"].Mean);
    }

    private static float[] VectorOf(int i) => [i % 7, i % 3];

    private static StoredTraffic Stored(TrafficSummary summary)
    {
        DocumentFormat<StoredTraffic> format = SummaryFormat.Of<StoredTraffic>();
        return format.Read(format.Write(summary.ToStored()));
    }
}
