using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Orchestrations.Drift.Validations;
using Serverless.Unit.Drift;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift.Validations;

public sealed class GoldenTrafficTests
{
    private const string Unsaid = "none"; // as captures have it

    /// <summary>Callers say their language, the golden set never does: that is no shift of languages.</summary>
    [Theory]
    [InlineData(false, DriftVerdict.Steady)]
    [InlineData(true, DriftVerdict.Alarm)] // items of the set say some, so that those without count
    public void LanguagesThatASetNeverSays_AreNotCompared(bool saysLanguages, DriftVerdict expected)
    {
        TrafficSummary golden = DrawnTraffic.Window(1, 400, (random, i) => GoldenTraffic.AsAsked(RowOf("g", i, Unsaid), saysLanguages)),
            current = DrawnTraffic.Window(2, 400, (random, i) => RowOf("c", i, "en"));

        DriftJudgement judged = DriftJudge.Judge(golden, current, new DriftLimits(), DriftEvidence.None, isPartial: true);

        Assert.Equal(expected, judged.Verdict);
        Assert.Equal(saysLanguages, judged.Findings.Any(finding => finding.Feature == FeatureNames.Language));
        Assert.DoesNotContain(judged.Findings, finding => finding.Feature == FeatureNames.Source);
    }

    private static Observation RowOf(string prefix, int i, string language) =>
        DrawnTraffic.Row($"{prefix}{i}", score: i % 20 / 20.0, label: i % 2 == 0 ? "a" : "b", language: language);
}
