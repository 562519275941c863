using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Rollout.Guards;

public sealed class GuardSeriesTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5)]
    [InlineData(61)]
    [InlineData(10_000)]
    public void Add_HoweverManyLooks_KeepsFewEvenlyWithTheLast(int count)
    {
        GuardSeries series = GuardSeries.Empty;

        for (int i = 0; i < count; i++)
        {
            series = series.Add(new GuardLook(Began.AddSeconds(2 * i), i, i, 0, []));
        }

        Assert.InRange(series.Looks.Count, Math.Min(count, GuardSeries.MaxLooks / 2), GuardSeries.MaxLooks);
        Assert.Equal(count - 1, series.Looks[^1].CanaryRequests);
        TimeSpan[] apart = [.. series.Looks.SkipLast(1).Zip(series.Looks.Skip(1).SkipLast(1), (a, b) => b.At - a.At)];
        Assert.True(apart.Max() <= 2 * apart.Min(), $"{apart.Min()} to {apart.Max()}");
    }

    [Fact]
    public void Judge_SaysWhatWasMeasuredWhatIsAllowedAndHowMuchEvidenceThereIs()
    {
        GuardTally seen = new();
        for (int i = 0; i < 200; i++)
        {
            seen.Stable.Add(new ArmObservation(i % 100 == 0, false, 40, 0.9));
        }
        Guardrails guards = new(new GuardLimits(), steps: 1);

        double before = Errors(guards, seen, failing: 2).Evidence;
        GuardReading after = Errors(guards, seen, failing: 60);

        Assert.InRange(before, 0, 0.99);
        Assert.True(after.Evidence >= 1, $"{after}");
        Assert.Equal((0.01, 0.015), (after.Stable!.Value, after.Bound!.Value));
        Assert.Contains(guards.Judge(seen).Findings, finding => finding.Guard == "errors");
    }

    [Fact]
    public void Judge_OfLimitsOfZero_StaysANumber()
    {
        GuardTally seen = new();
        seen.Mirror.Add(new ShadowObservation(true, false, false, false, false, ["language=de"]));
        seen.Canary.Add(new ArmObservation(true, true, 1, 1));

        IReadOnlyList<GuardReading> readings = new Guardrails(
            new GuardLimits
            {
                MaxDisagreement = 0,
                ErrorMargin = 0,
                InvalidMargin = 0,
            },
            1
        ).Judge(seen).Readings;

        Assert.Contains(readings, reading => reading.Guard == "sliceDisagreement");
        Assert.All(readings, reading => Assert.True(double.IsFinite(reading.Evidence), $"{reading}"));
    }

    private static GuardReading Errors(Guardrails guards, GuardTally seen, int failing)
    {
        for (int i = 0; i < failing; i++)
        {
            seen.Canary.Add(new ArmObservation(true, false, null, null));
        }
        return guards.Judge(seen).Readings.Single(reading => reading.Guard == "errors");
    }
}
