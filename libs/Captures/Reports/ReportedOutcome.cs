using System.ComponentModel.DataAnnotations;

namespace Serverless.Captures.Reports;

/// <summary>What somebody reports of a prediction, in a request or as a line of a file.</summary>
/// <param name="PredictionId">As the answer gave it.</param>
/// <param name="Value">The outcome as a number: 1 and 0 for right and wrong, an amount, a rating. Counts before a label.</param>
/// <param name="Label">What the answer to the first item should have been, letter for letter as the version would say it: the class, the
/// best object's class, the best document's index, the place of the largest value of a tensor. Counts as right or wrong; of entities and
/// vectors it is kept, and not counted.</param>
public sealed record ReportedOutcome([Required] string? PredictionId, double? Value, string? Label)
{
    public const int MaxBytes = 16 << 10;

    private const int MaxLabelCharacters = 200;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    internal string? Fault() =>
        this switch
        {
            { Value: null, Label: null } => "The feedback has neither value nor label; at least one is needed.",
            { Value: { } value } when !double.IsFinite(value) => $"value is {value}; allowed are finite numbers.",
            { Label: { Length: 0 or > MaxLabelCharacters } label } =>
                $"label has {label.Length} characters; allowed are 1 to {MaxLabelCharacters}.",
            _ => null,
        };
}
