using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Unit.Statistics.Shifts;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class DriftJudgeTests(ITestOutputHelper output)
{
    private static readonly DriftLimits Limits = new();

    public static TheoryData<string, int, string, string> Shifts { get; } =
        new()
        {
            { "mean", 400, "all", "input.f0" },
            { "variance", 1_000, "all", "input.f0" },
            { "newLabel", 400, "all", FeatureNames.Label },
            { "missing", 400, "all", "input.f0" },
            { "slice", 2_000, "language=de", "input.f0" },
            { "rotated", 1_000, "all", FeatureNames.Vector },
        };

    /// <summary>One look suffices at these numbers of predictions in either window: what each planted shift needs.</summary>
    [Theory]
    [MemberData(nameof(Shifts))]
    public void Judge_PlantedShift_AlarmsAtOnce_AndNamesIt(string shift, int predictions, string slice, string feature)
    {
        TrafficSummary reference = DrawnTraffic.Window(1, predictions, (random, i) => Draw(random, i, shift: null)),
            current = DrawnTraffic.Window(2, predictions, (random, i) => Draw(random, i, shift));

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        FeatureFinding[] alarms = [.. judged.Findings.Where(finding => finding.Verdict == DriftVerdict.Alarm)];
        foreach (FeatureFinding alarm in alarms)
        {
            output.WriteLine($"{alarm.Slice} {alarm.Feature} {alarm.Aspect}: effect {alarm.Effect:0.###}, p {alarm.P:0.#e0}");
        }
        FeatureFinding found = Assert.Single(alarms, alarm => alarm.Slice == slice && alarm.Feature == feature);
        Assert.True(found.Effect >= found.EffectLimit);
        Assert.All(alarms, alarm => Assert.Equal(feature, alarm.Feature));
        if (found.Aspect != FeatureAspect.Presence)
        {
            Assert.NotEmpty(found.Examples!);
        }
        if (found.Aspect == FeatureAspect.Vector)
        {
            // The rotation moves no mean, which is what the classifier sees, and puts one in ten beyond what was near.
            Assert.InRange(found.Sizes!["domainClassifierAuc"], 0.4, 0.6);
            Assert.InRange(found.Sizes["outlierShare"], 0.1, 0.6);
        }
    }

    /// <summary>
    /// 28 features of three slices, 90 daily looks at one reference: 4 quarters without a shift. At most 5 % of quarters may alarm, so
    /// that two of 4 do once in 70 times.
    /// </summary>
    [Fact]
    public void Judge_NothingShifts_FewQuartersAlarm()
    {
        const int Quarters = 4,
            Looks = 90,
            Features = 24,
            Predictions = 100;
        int alarms = 0;
        for (int quarter = 0; quarter < Quarters; quarter++)
        {
            TrafficSummary reference = DrawnTraffic.Window(quarter, Predictions, (random, i) => DrawnTraffic.Plain(random, i, Features));
            DriftEvidence evidence = DriftEvidence.None;
            bool alarmed = false;
            for (int look = 0; look < Looks && !alarmed; look++)
            {
                int seed = (quarter * 1_000) + look + 100;
                TrafficSummary current = DrawnTraffic.Window(seed, Predictions, (random, i) => DrawnTraffic.Plain(random, i, Features));
                DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, evidence);
                evidence = evidence.With($"{look}", judged.Sums);
                alarmed = judged.Verdict == DriftVerdict.Alarm;
            }
            alarms += alarmed ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0.25)]
    public void Judge_ValuesOutsideOfTheReferencesRange_AreTold(int outside, double share)
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 400, (random, i) => DrawnTraffic.Row($"r{i}", score: i / 400.0)),
            current = DrawnTraffic.Window(2, 400, (random, i) => DrawnTraffic.Row($"c{i}", score: i < outside ? 1.5 : i / 500.0));

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        FeatureFinding score = judged.Findings.First(finding => finding is { Slice: "all", Feature: FeatureNames.Score });
        Assert.Equal(share, score.Sizes!["outOfRange"]);
    }

    [Fact]
    public void Judge_LargeWindowsWithASmallDifference_IsNoShift_HoweverSure()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 30_000, (random, i) => Labelled(random, i, 0.5)),
            current = DrawnTraffic.Window(2, 30_000, (random, i) => Labelled(random, i, 0.54));

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        FeatureFinding label = judged.Findings.First(finding => finding is { Slice: "all", Feature: FeatureNames.Label });
        Assert.True(label.P < 1e-9);
        Assert.Equal(DriftVerdict.Steady, label.Verdict);
    }

    [Fact]
    public void Judge_SmallLastingShift_AlarmsAfterSomeLooks_AndBeginsAnew()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 1_000, (random, i) => Labelled(random, i, 0.5));
        DriftEvidence evidence = DriftEvidence.None;
        DriftVerdict verdict = DriftVerdict.Steady;
        int looks = 0;
        while (verdict != DriftVerdict.Alarm && looks < 30)
        {
            TrafficSummary current = DrawnTraffic.Window(10 + looks, 150, (random, i) => Labelled(random, i, 0.7));
            DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, evidence);
            verdict = judged.Verdict;
            evidence = evidence.With($"{looks++}", judged.Sums);
        }

        Assert.InRange(looks, 1, 29);
        Assert.Contains(evidence.Sums, sum => sum.Value == 0);
    }

    /// <summary>However much earlier looks have brought: a difference that chance explains is no shift of this window.</summary>
    [Fact]
    public void Judge_GrownEvidenceAndAWindowThatChanceExplains_IsSteady()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 200, (random, i) => DrawnTraffic.Row($"r{i}", label: i % 2 == 0 ? "a" : "b")),
            current = DrawnTraffic.Window(2, 100, (random, i) => DrawnTraffic.Row($"c{i}", label: i < 60 ? "a" : "b"));
        DriftEvidence grown = DriftEvidence.None.With("before", [KeyValuePair.Create($"all|{FeatureNames.Label}|Category", 1e12)]);

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits with { MinCategoryEffect = 0.05 }, grown);

        FeatureFinding label = judged.Findings.First(finding => finding is { Slice: "all", Feature: FeatureNames.Label });
        Assert.True(label.Effect >= label.EffectLimit && label.Evidence >= judged.Threshold);
        Assert.True(label.AdjustedP > Limits.FalseDiscoveryRate);
        Assert.Equal(DriftVerdict.Steady, label.Verdict);
    }

    [Fact]
    public void Judge_FewPredictions_SayNotEnoughData()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 1_000, (random, i) => DrawnTraffic.Plain(random, i)),
            current = DrawnTraffic.Window(2, Limits.MinPredictions - 1, (random, i) => DrawnTraffic.Plain(random, i));

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        Assert.Equal(DriftVerdict.NotEnoughData, judged.Verdict);
        Assert.All(judged.Findings, finding => Assert.Null(finding.P));
    }

    /// <summary>10,000 different labels in either window are compared by the sample, and are no shift.</summary>
    [Fact]
    public void Judge_MoreCategoriesThanAreCounted_ComparesTheSample()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 10_000, (random, i) => DrawnTraffic.Row($"r{i}", label: $"{random.Next(5_000)}")),
            current = DrawnTraffic.Window(2, 10_000, (random, i) =>
                DrawnTraffic.Row($"c{i}", label: i % 2 == 0 ? "new" : $"{random.Next(5_000)}")
            );

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        FeatureFinding label = judged.Findings.First(finding => finding is { Slice: "all", Feature: FeatureNames.Label });
        Assert.Equal(DriftVerdict.Alarm, label.Verdict);
        Assert.InRange(label.Current, 1_000, SummaryLimits.WindowRows);
    }

    [Fact]
    public void Judge_WhatTheReferenceNeverMeasured_IsNoShift()
    {
        TrafficSummary reference = DrawnTraffic.Window(1, 400, (random, i) => Draw(random, i, shift: null)),
            current = DrawnTraffic.Window(2, 400, (random, i) =>
            {
                Observation row = Draw(random, i, shift: null);
                return row with { Numbers = new Dictionary<string, double>(row.Numbers) { ["input.unknownTokens"] = 0.1 } };
            });

        DriftJudgement judged = DriftJudge.Judge(reference, current, Limits, DriftEvidence.None);

        Assert.DoesNotContain(judged.Findings, finding => finding.Verdict == DriftVerdict.Alarm);
    }

    private static Observation Labelled(Random random, int i, double share) =>
        DrawnTraffic.Row($"{random.NextInt64():x}-{i}", label: random.NextDouble() < share ? "a" : "b");

    private static Observation Draw(Random random, int i, string? shift)
    {
        Observation row = DrawnTraffic.Plain(random, i);
        Dictionary<string, double> numbers = new(row.Numbers);
        Dictionary<string, string> categories = new(row.Categories);
        bool german = categories[FeatureNames.Language] == "de";
        numbers["input.f0"] *= shift == "variance" ? 2 : 1;
        numbers["input.f0"] += shift == "mean" || (shift == "slice" && german) ? 0.8 : 0;
        if (shift == "newLabel" && random.Next(5) == 0)
        {
            categories[FeatureNames.Label] = "new";
        }
        if (shift == "missing" && random.Next(5) == 0)
        {
            numbers.Remove("input.f0");
        }
        float[] vector = [.. Enumerable.Range(0, 8).Select(k => (float)(random.Normal() * (k == (shift == "rotated" ? 7 : 0) ? 4 : 1)))];
        return row with { Numbers = numbers, Categories = categories, Vector = vector };
    }
}
