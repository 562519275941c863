using System.Text.Json.Serialization;
using Serverless.Packages;

namespace Serverless.Validation.Trials;

internal enum TrialStep
{
    /// <summary>Open the model and run it once.</summary>
    Load,

    /// <summary>Read the golden set, without asking the model; without a path there is none from then on.</summary>
    Prepare,

    /// <summary>Answer items of the golden set.</summary>
    Golden,

    /// <summary>One of the probes of robustness.</summary>
    Probe,

    /// <summary>Answer single items, with the time that each took.</summary>
    Measure,
}

/// <summary>One line from the host to the process on trial.</summary>
/// <param name="Path">The package's folder, or the file of the golden set, beside which its pictures lie.</param>
internal sealed record TrialAsk(
    TrialStep Step,
    string? Path = null,
    ModelTask? Task = null,
    int From = 0,
    int Count = 0,
    string? Probe = null,
    int Threads = 0,
    long MaxBytes = 0
)
{
    /// <summary>Whose the package is, where its folder is not named so.</summary>
    public ModelReference? Model { get; init; }

    /// <summary>Null takes the default.</summary>
    public ModelLimits? Limits { get; init; }
}

/// <summary>One line back.</summary>
/// <param name="Fault">Why the step could not be done; the process lives on.</param>
/// <param name="PeakBytes">The most that the process ever had resident.</param>
internal sealed record TrialAnswer(
    string? Fault = null,
    ModelTask? Task = null,
    string? Provider = null,
    IReadOnlyList<string>? Probes = null,
    IReadOnlyList<ItemAnswer>? Items = null,
    ProbeFinding? Finding = null,
    IReadOnlyList<double>? Milliseconds = null,
    long PeakBytes = 0
);

/// <summary>What a model answered to one item, as far as its task is judged by it.</summary>
public sealed record ItemAnswer
{
    /// <summary>Why there is no answer.</summary>
    public string? Fault { get; init; }

    public string? Label { get; init; }
    public IReadOnlyList<Golden.GoldenSpan>? Entities { get; init; }

    /// <summary>One for each document.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary>To the reference vector.</summary>
    public double? Cosine { get; init; }

    public IReadOnlyList<FoundBox>? Boxes { get; init; }

    /// <summary>All that the model said in numbers, by which two answers to one item are compared; stays in the process on trial.</summary>
    [JsonIgnore]
    public float[] Numbers { get; init; } = [];
}

public sealed record FoundBox(Golden.GoldenBox Box, double Score);

/// <summary>What a probe found.</summary>
/// <param name="Found">A sentence for people.</param>
public sealed record ProbeFinding(string Probe, bool Passed, string Found);
