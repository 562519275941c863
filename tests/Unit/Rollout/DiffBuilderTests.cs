using Serverless.Captures;
using Serverless.Rollout.Guards;
using Serverless.Rollout.Shadow;
using Xunit;

namespace Serverless.Unit.Rollout;

public sealed class DiffBuilderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly OutputSummary Cat = new("classify", "cat", 0.9, [new("cat", 0.9)], 1, Valid: true);

    [Fact]
    public void Report_SumsUpWhatDiffers_TheWorstFirst()
    {
        DiffBuilder builder = new(minCosine: 0.95);
        for (int i = 0; i < 97; i++)
        {
            builder.Add(Pair($"same-{i}", new ComparisonSummary(1, true, 1, 0, null, 10, 10, null, null, Cat, Cat), "en"));
        }
        builder.Add(
            Pair(
                "other",
                new ComparisonSummary(1, false, 0, -0.4, null, 10, 10, null, null, Cat with { Label = "dog", Score = 0.5 }, Cat),
                "de"
            )
        );
        builder.Add(Pair("broken", new ComparisonSummary(1, null, null, null, null, 10, 10, "model", null, null, Cat), "de"));
        builder.Add(
            Pair("nan", new ComparisonSummary(1, true, 1, double.NaN, null, 10, 10, null, null, Cat with { Valid = false }, Cat), "en")
        );

        DiffReport report = builder.Build("labels", "prod", 2, 1, Now, Now);

        Assert.Equal((100, 99, 1, 1), (report.Pairs, report.Compared, report.CandidateFaults, report.CandidateInvalid));
        Assert.Equal(98.0 / 99, report.Agreement!.Value, 9);
        Assert.Equal(-0.4, report.ScoreShift!.Min, 9);
        Assert.Equal(["broken", "nan", "other"], report.Worst.Select(example => example.PredictionId));
        Assert.Equal(("language=de", 1, 0.0), (report.Slices[0].Name, report.Slices[0].Compared, report.Slices[0].Agreement));
        Assert.Equal(
            [
                "The candidate failed on 1 of 100 mirrored requests, the serving version on 0; allowed is 0.5 % more.",
                "1 of the candidate's 100 outputs are invalid; allowed are 0.1 %.",
            ],
            DiffGate.Problems(report, new GuardLimits())
        );
    }

    [Fact]
    public void Report_OfVectors_GoesByTheirCosine()
    {
        DiffBuilder builder = new(minCosine: 0.95);
        foreach (double cosine in (double[])[1, 0.99, 0.5, 0.97])
        {
            builder.Add(Pair($"{cosine}", new ComparisonSummary(1, null, null, null, cosine, 10, 10, null, null, Cat, Cat), null));
        }

        DiffReport report = builder.Build("embedding", "prod", 2, 1, Now, Now);

        Assert.Equal((0.75, 0.5), (report.Agreement, report.Cosine!.Min));
        Assert.Equal("0.5", report.Worst[0].PredictionId);
        Assert.Equal(
            "The two versions disagree on 25 % of 4 mirrored requests; allowed is 2 %.",
            Assert.Single(DiffGate.Problems(report, new GuardLimits()))
        );
    }

    private static CaptureRecord Pair(string id, ComparisonSummary comparison, string? language) =>
        new()
        {
            Kind = CaptureKind.Comparison,
            PredictionId = id,
            Time = Now,
            Model = "labels",
            Version = 2,
            Environment = "prod",
            Arm = "stable",
            Input = new InputSummary("image", 1, 100, language),
            Comparison = comparison,
        };
}
