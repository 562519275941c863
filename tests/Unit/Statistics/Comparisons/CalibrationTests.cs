using Serverless.Statistics;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Intervals;
using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Comparisons;

/// <summary>How often the tests that decide err, by simulation.</summary>
public sealed class CalibrationTests
{
    private const double Margin = 0.02;

    /// <summary>
    /// A loss of exactly the margin passes in 2.5 % of trials by definition; of 200, up to 12 (6 %) are within three standard errors.
    /// </summary>
    [Fact]
    public void NonInferiority_OfACandidateWorseByTheMargin_SeldomPasses() =>
        Assert.InRange(CountPassing(trials: 200, items: 400, lost: 0.04, won: 0.02), 0, 12);

    [Fact]
    public void NonInferiority_OfAnEqualCandidateOnEnoughItems_NearlyAlwaysPasses() =>
        Assert.InRange(CountPassing(trials: 50, items: 2_000, lost: 0.02, won: 0.02), 46, 50);

    /// <summary>
    /// 20 slices of 60 items of two equally good versions that differ on a tenth of them: at most 5 % of all validations may see any slice
    /// worse.
    /// </summary>
    [Fact]
    public void Slices_OfEquallyGoodVersions_SeldomCryWolf()
    {
        int alarms = Enumerable
            .Range(0, 200)
            .Count(trial => Compare(new Random(trial), slices: 20, each: 60, lost: 0.05, lostInFirst: 0.05).Any(f => f.Worse));

        Assert.InRange(alarms, 0, 19); // 5 % and three standard errors
    }

    [Fact]
    public void Slices_WithWrongAnswersInATwentiethOfOne_FindIt()
    {
        SliceFinding[] worse = [.. Compare(new Random(1), slices: 10, each: 200, lost: 0, lostInFirst: 0.05).Where(f => f.Worse)];

        Assert.Equal("0", Assert.Single(worse).Value);
    }

    [Fact]
    public void Slices_OfFewItems_AreShownAndNotJudged()
    {
        SliceFinding found = Compare(new Random(1), slices: 1, each: 10, lost: 0, lostInFirst: 1)[0];

        Assert.Equal((false, false, -1.0), (found.Judged, found.Worse, found.Difference.Value));
    }

    private static int CountPassing(int trials, int items, double lost, double won)
    {
        int passing = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            Random random = new(trial);
            double[] differences =
            [
                .. Enumerable
                    .Range(0, items)
                    .Select(_ =>
                        random.NextDouble() is var u && u < lost ? -1.0
                        : u < lost + won ? 1
                        : 0
                    ),
            ];
            Interval interval = new Bootstrap(200, trial).Estimate(Metric.Mean("difference", differences), 0.95);
            if (NonInferiority.Judge(interval, Margin) == ComparisonVerdict.NotWorse)
            {
                passing++;
            }
        }
        return passing;
    }

    /// <summary>
    /// Accuracy in slices; where lost is 0 the two versions agree, otherwise they win and lose alike, but for the first slice.
    /// </summary>
    private static IReadOnlyList<SliceFinding> Compare(Random random, int slices, int each, double lost, double lostInFirst)
    {
        (bool Candidate, bool Serving)[] right =
        [
            .. Enumerable
                .Range(0, slices * each)
                .Select(i =>
                    random.NextDouble() is var u && u < (i < each ? lostInFirst : lost)
                        ? (false, true)
                        : (u > 1 - lost ? (true, false) : (true, true))
                ),
        ];
        string[] wanted = [.. Enumerable.Repeat("a", 2 * right.Length)];
        PairedMetric metric = new(
            Classification.Accuracy(wanted, [.. right.Select(r => r.Candidate ? "a" : "b"), .. right.Select(r => r.Serving ? "a" : "b")])
        );
        SliceComparison comparison = new()
        {
            Margin = Margin,
            MinItems = 20,
            FalseAlarmRate = 0.05,
            Confidence = 0.95,
            Replicates = 20,
            Seed = 1,
        };
        return comparison.Compare(
            metric,
            right,
            [.. Enumerable.Range(0, slices).Select(s => new Slice("language", $"{s}", [.. Enumerable.Range(s * each, each)]))]
        );
    }
}
