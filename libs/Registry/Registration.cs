using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>What whoever registers a version says of it.</summary>
public sealed record Registration(string Name, string By)
{
    internal const int MaxMetrics = 200;

    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    public ModelLineage Lineage { get; init; } = new();
    public string? Licence { get; init; }

    /// <exception cref="RegistryException">Something is missing, too long or not finite; the message names it.</exception>
    public void Check()
    {
        ModelVersion.CheckName(Name);
        RegistryText.Check("by", By);
        RegistryText.CheckOptional("licence", Licence);
        RegistryText.CheckOptional("trainingRun", Lineage.TrainingRun);
        RegistryText.CheckOptional("dataDigest", Lineage.DataDigest);
        RegistryText.CheckOptional("codeCommit", Lineage.CodeCommit);
        RegistryText.CheckOptional("baseModel", Lineage.BaseModel);
        if (Metrics.Count > MaxMetrics)
        {
            throw new RegistryException(RegistryFault.Invalid, $"There are {Metrics.Count} metrics; allowed are {MaxMetrics}.");
        }
        foreach ((string name, double value) in Metrics)
        {
            RegistryText.Check("a metric's name", name);
            if (!double.IsFinite(value))
            {
                throw new RegistryException(RegistryFault.Invalid, $"Metric '{name}' is {value}; allowed are finite numbers.");
            }
        }
    }
}

/// <param name="Created">False where a version of the same digest was there before: that one is answered.</param>
public sealed record RegisterOutcome(ModelManifest Manifest, bool Created);

/// <summary>Bounds on the texts that people and builds put into records.</summary>
internal static class RegistryText
{
    public const int MaxChars = 1_000;

    public static void Check(string what, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new RegistryException(RegistryFault.Invalid, $"'{what}' is empty; it must be said, in up to {MaxChars} characters.");
        }
        CheckOptional(what, text);
    }

    public static void CheckOptional(string what, string? text)
    {
        if (text is { Length: > MaxChars })
        {
            throw new RegistryException(RegistryFault.Invalid, $"'{what}' has {text.Length} characters; allowed are {MaxChars}.");
        }
        if (text is not null && text.Any(char.IsControl))
        {
            throw new RegistryException(RegistryFault.Invalid, $"'{what}' holds a control character; allowed is one line of text.");
        }
    }
}
