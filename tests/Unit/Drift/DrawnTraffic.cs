using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Unit.Statistics.Shifts;

namespace Serverless.Unit.Drift;

/// <summary>Seeded predictions as drift sees them.</summary>
internal static class DrawnTraffic
{
    public static Observation Row(
        string id,
        double score = 0.5,
        string label = "a",
        string language = "en",
        string source = "api",
        float[]? vector = null,
        Dictionary<string, double>? more = null
    ) =>
        new(
            ObservationKind.Answered,
            id,
            new Dictionary<string, double>(more ?? []) { [FeatureNames.Score] = score },
            new Dictionary<string, string>
            {
                [FeatureNames.Label] = label,
                [FeatureNames.Language] = language,
                [FeatureNames.Source] = source,
                [FeatureNames.Fault] = "none",
            },
            vector
        );

    /// <summary>Independent rows: a score, a label and some features; what is given shifts them.</summary>
    public static TrafficSummary Window(int seed, int count, Func<Random, int, Observation> draw)
    {
        Random random = new(seed);
        TrafficSummary summary = TrafficSummary.OfWindow();
        for (int i = 0; i < count; i++)
        {
            summary.Add(draw(random, i));
        }
        return summary;
    }

    public static Observation Plain(Random random, int i, int features = 3) =>
        Row(
            $"{random.NextInt64():x}-{i}",
            random.NextDouble(),
            random.Next(4) == 0 ? "b" : "a",
            random.Next(5) == 0 ? "de" : "en",
            more: Enumerable.Range(0, features).ToDictionary(k => $"input.f{k}", _ => random.Normal())
        );
}
