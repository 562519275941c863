using Serverless.Captures;

namespace Serverless.Drift.Observations;

/// <summary>Captured lines → observations.</summary>
public static class ObservationReader
{
    /// <summary>A longer category is counted as invalid.</summary>
    public const int MaxCategoryCharacters = 128;

    /// <summary>Stands for a category that is no text that could be one.</summary>
    public const string InvalidCategory = "(invalid)";

    private const string None = "none";
    private const int Ok = 200;

    /// <summary>Null of a line that no feature is read from.</summary>
    public static Observation? Read(CaptureRecord line) =>
        line switch
        {
            { Kind: CaptureKind.Prediction, Status: Ok } => OfAnswer(line),
            { Kind: CaptureKind.Prediction } => OfFailure(line),
            { Kind: CaptureKind.Feedback, Feedback: { } feedback } => OfFeedback(line, feedback),
            _ => null,
        };

    private static Observation OfAnswer(CaptureRecord line)
    {
        Dictionary<string, double> numbers = [];
        Dictionary<string, string> categories = new()
        {
            [FeatureNames.Source] = Category(line.Source ?? "api"),
            [FeatureNames.Fault] = None,
        };
        if (line.Times is { } times)
        {
            numbers[FeatureNames.Milliseconds] = times.Total;
        }
        if (line.Input is { } input)
        {
            categories[FeatureNames.Kind] = Category(input.Kind);
            categories[FeatureNames.Language] = Category(input.Language ?? None);
            AddAll(numbers, FeatureNames.Input, input.Features);
            AddAll(numbers, FeatureNames.Parameters, input.Numbers);
            foreach ((string name, string value) in input.Words ?? new Dictionary<string, string>())
            {
                categories[FeatureNames.Parameters + name] = Category(value);
            }
        }
        if (line.Output is { } output)
        {
            Add(output, numbers, categories);
        }
        return new Observation(ObservationKind.Answered, line.PredictionId, numbers, categories, line.Output?.Embedding?.Values);
    }

    private static void Add(OutputSummary output, Dictionary<string, double> numbers, Dictionary<string, string> categories)
    {
        categories[FeatureNames.Valid] = output.Valid ? "true" : "false";
        numbers[FeatureNames.Count] = output.Count;
        if (output.Label is { } label && output.Entities is null)
        {
            categories[FeatureNames.Label] = Category(label);
        }
        if (output.Score is { } score)
        {
            numbers[FeatureNames.Score] = score;
        }
        if (output.Entropy is { } entropy)
        {
            numbers[FeatureNames.Entropy] = entropy;
        }
        foreach ((string type, int count) in output.Entities ?? new Dictionary<string, int>())
        {
            numbers[FeatureNames.Entities + type] = count;
        }
        if (output.Embedding is { } vector)
        {
            numbers[FeatureNames.Norm] = vector.Norm;
            numbers[FeatureNames.Mean] = vector.Mean;
            numbers[FeatureNames.Deviation] = vector.Deviation;
        }
    }

    private static Observation OfFailure(CaptureRecord line) =>
        new(
            ObservationKind.Failed,
            line.PredictionId,
            new Dictionary<string, double>(),
            new Dictionary<string, string>
            {
                [FeatureNames.Source] = Category(line.Source ?? "api"),
                [FeatureNames.Fault] = Category(line.Fault ?? $"{line.Status}"),
            }
        );

    private static Observation OfFeedback(CaptureRecord line, FeedbackSummary feedback)
    {
        Dictionary<string, double> numbers = [];
        Dictionary<string, string> categories = [];
        if (feedback.Value is { } value)
        {
            numbers[FeatureNames.Value] = value;
        }
        if (feedback is { Sealed: true, Correct: { } correct })
        {
            categories[FeatureNames.Correct] = correct ? "true" : "false";
        }
        if (feedback is { Sealed: true, Label: { } label })
        {
            categories[FeatureNames.TrueLabel] = Category(label);
        }
        return new Observation(ObservationKind.Feedback, line.PredictionId, numbers, categories);
    }

    private static void AddAll(Dictionary<string, double> numbers, string prefix, IReadOnlyDictionary<string, double>? values)
    {
        foreach ((string name, double value) in values ?? new Dictionary<string, double>())
        {
            numbers[prefix + name] = value;
        }
    }

    private static string Category(string text) => text.Length is 0 or > MaxCategoryCharacters ? InvalidCategory : text;
}
