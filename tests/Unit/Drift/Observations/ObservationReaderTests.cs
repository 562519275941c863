using Serverless.Captures;
using Serverless.Drift.Observations;
using Serverless.Unit.Captures;
using Xunit;

namespace Serverless.Unit.Drift.Observations;

public sealed class ObservationReaderTests
{
    private static readonly CaptureRecord Prediction = TestCaptures.Prediction(TestCaptures.Start);

    [Fact]
    public void Read_AnAnswer_GivesItsFeatures()
    {
        CaptureRecord line = Prediction with
        {
            Source = CaptureRecord.Upload,
            Input = new InputSummary("text", 1, 40, "de", new Dictionary<string, double> { ["length"] = 40 })
            {
                Numbers = new Dictionary<string, double> { ["price"] = 3 },
                Words = new Dictionary<string, string> { ["desk"] = "sport" },
            },
            Output = new OutputSummary("entities", "PER@0+4", 0.9, [], 2, Valid: true)
            {
                Entities = new Dictionary<string, int> { ["PER"] = 2 },
                Embedding = new EmbeddingSummary(2, 0.1, 0.2, 1, [0.6f, 0.8f]),
            },
        };

        Observation row = ObservationReader.Read(line)!;

        Assert.Equal(ObservationKind.Answered, row.Kind);
        Assert.Equal(
            [
                "input.length",
                "output.count",
                "output.deviation",
                "output.entities.PER",
                "output.mean",
                "output.norm",
                "output.score",
                "parameters.price",
                "service.milliseconds",
            ],
            row.Numbers.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["kind=text", "language=de", "output.valid=true", "parameters.desk=sport", "service.fault=none", "source=upload"],
            row.Categories.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)
        );
        Assert.Equal([0.6f, 0.8f], row.Vector!);
    }

    [Fact]
    public void Read_AFailure_GivesItsFaultAlone()
    {
        Observation row = ObservationReader.Read(Prediction with { Status = 503, Fault = "queueFull", Output = null })!;

        Assert.Equal(ObservationKind.Failed, row.Kind);
        Assert.Equal("queueFull", row.Categories[FeatureNames.Fault]);
        Assert.Empty(row.Numbers);
    }

    [Theory]
    [InlineData(true, "true")]
    [InlineData(false, null)] // anybody can make up an id without a seal
    public void Read_Feedback_CountsLabelsOfSealedIdsAlone(bool isSealed, string? correct)
    {
        CaptureRecord line = Prediction with
        {
            Kind = CaptureKind.Feedback,
            Feedback = new FeedbackSummary(0.5, "harbour", TestCaptures.Start, isSealed, Correct: true),
        };

        Observation row = ObservationReader.Read(line)!;

        Assert.Equal(ObservationKind.Feedback, row.Kind);
        Assert.Equal(0.5, row.Numbers[FeatureNames.Value]);
        Assert.Equal(correct, row.Categories.GetValueOrDefault(FeatureNames.Correct));
    }

    [Fact]
    public void Read_ACategoryOfManyCharacters_IsInvalid()
    {
        Observation row = ObservationReader.Read(
            Prediction with
            {
                Output = Prediction.Output! with { Label = new string('x', ObservationReader.MaxCategoryCharacters + 1) },
            }
        )!;

        Assert.Equal(ObservationReader.InvalidCategory, row.Categories[FeatureNames.Label]);
    }

    [Fact]
    public void Read_AComparison_IsNoObservation() =>
        Assert.Null(ObservationReader.Read(Prediction with { Kind = CaptureKind.Comparison }));
}
