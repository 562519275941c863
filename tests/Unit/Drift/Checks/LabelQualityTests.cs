using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Unit.Drift;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class LabelQualityTests
{
    private static readonly DriftWindow Hour = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1));

    /// <summary>90 of "a" found, 10 of "b" missed: accuracy 0.9, F1 of a 18/19 and of b 0.</summary>
    [Fact]
    public void Of_ARareLabelThatIsNeverFound_TellsWhatTheAccuracyHides()
    {
        TrafficSummary traffic = TrafficOf([.. Enumerable.Range(0, 100).Select(i => ("a", i < 90 ? "a" : "b", 0.9))]);

        DriftQuality quality = SideOf(traffic).Quality!;

        LabelQuality labels = quality.Labels!;
        Assert.Equal((100, 0.9), (labels.Joined, Math.Round(quality.Accuracy!.Value.Value, 6)));
        Assert.Equal(9.0 / 19, labels.MacroF1.Value, 1e-6);
        Assert.InRange(labels.MacroF1.Low, 0.4, labels.MacroF1.Value);
        Assert.InRange(labels.MacroF1.High, labels.MacroF1.Value, 1);
        Assert.Equal(["a", "b"], labels.Classes.Select(one => one.Label));
        Assert.Equal((0.9, 1.0), (Math.Round(labels.Classes[0].Precision!.Value.Value, 6), labels.Classes[0].Recall!.Value.Value));
        Assert.Equal((null, 0.0), (labels.Classes[1].Precision, labels.Classes[1].Recall!.Value.Value));
    }

    [Fact]
    public void Of_MoreLabelsThanAreTold_CountsTheOthers()
    {
        LabelQuality labels = SideOf(
            TrafficOf([.. Enumerable.Range(0, 90).Select(i => ($"l{i % 30}", $"l{i % 30}", 0.9))])
        ).Quality!.Labels!;

        Assert.Equal((LabelQuality.MaxClasses, 10), (labels.Classes.Count, labels.MoreClasses));
        Assert.Equal(1, labels.MacroF1.Value);
    }

    /// <summary>Labels of what people report tell how good answers were; how often each is reported is no drift.</summary>
    [Fact]
    public void Judge_OtherLabelsReported_IsNoFinding()
    {
        TrafficSummary reference = TrafficOf([.. Enumerable.Range(0, 200).Select(i => ("a", "a", 0.9))]),
            current = TrafficOf([.. Enumerable.Range(0, 200).Select(i => ("a", "b", 0.9))]);

        DriftJudgement judged = DriftJudge.Judge(reference, current, new DriftLimits(), DriftEvidence.None);

        Assert.DoesNotContain(judged.Findings, finding => finding.Feature == FeatureNames.TrueLabel);
        Assert.Contains(judged.Findings, finding => finding is { Feature: FeatureNames.Correct, Verdict: DriftVerdict.Alarm });
    }

    /// <summary>
    /// A model that says 0.99 and is right of 70 in 100: its golden answers tell from which score on it can be believed, so that a window
    /// of the same scores is estimated at 0.7, not at their mean.
    /// </summary>
    [Fact]
    public void Estimate_OfScoresThatAreTooSure_IsCalibratedByTheGoldenSet()
    {
        (string, string, double)[] answers = [.. Enumerable.Range(0, 100).Select(i => ("a", i < 70 ? "a" : "b", i < 70 ? 0.995 : 0.98))];
        TrafficSummary golden = TrafficOf(answers),
            window = TrafficOf(answers),
            few = TrafficOf(answers[..40]);
        DriftSide side = SideOf(window);

        DriftQuality calibrated = AccuracyEstimate.Calibrated(side, window.All, golden.All).Quality!,
            tooFew = AccuracyEstimate.Calibrated(side, window.All, few.All).Quality!,
            none = AccuracyEstimate.Calibrated(side, window.All, golden: null).Quality!;

        Assert.Equal((0.7, AccuracyEstimate.Thresholded), (calibrated.EstimatedAccuracy, calibrated.Estimate));
        Assert.Equal(AccuracyEstimate.Uncalibrated, tooFew.Estimate);
        Assert.Equal((0.9905, AccuracyEstimate.Uncalibrated), (Math.Round(none.EstimatedAccuracy!.Value, 6), none.Estimate));
    }

    private static DriftSide SideOf(TrafficSummary traffic) =>
        DriftSides.Of(new WindowSummary(Hour, traffic, CaptureFaults.None, Files: 1, Silent: 0));

    private static TrafficSummary TrafficOf((string Found, string Wanted, double Score)[] answers)
    {
        TrafficSummary traffic = TrafficSummary.OfWindow();
        foreach ((int i, (string found, string wanted, double score)) in answers.Index())
        {
            traffic.Add(DrawnTraffic.Row($"p{i}", score, found));
            Dictionary<string, string> said = new()
            {
                [FeatureNames.Correct] = found == wanted ? "true" : "false",
                [FeatureNames.TrueLabel] = wanted,
            };
            traffic.Add(new Observation(ObservationKind.Feedback, $"p{i}", new Dictionary<string, double>(), said));
        }
        return traffic;
    }
}
