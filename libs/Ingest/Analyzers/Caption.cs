using Serverless.Ingest.Documents;

namespace Serverless.Ingest.Analyzers;

/// <summary>The labels of a picture as a short text, by which a search in words finds it.</summary>
public static class Caption
{
    /// <summary>Below this share of the best label's score a label is a guess that would only mislead a search.</summary>
    private const float LeastShare = 0.2f;

    public static string Of(IReadOnlyList<LabelFinding> labels) => string.Join(", ", Likely(labels).Select(label => label.Label));

    /// <summary>Those that are no guesses.</summary>
    public static IEnumerable<LabelFinding> Likely(IReadOnlyList<LabelFinding> labels) =>
        labels.Where(label => label.Score >= LeastShare * labels[0].Score);
}
