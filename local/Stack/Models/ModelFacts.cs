using System.Globalization;
using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary>What is said of a version when it is registered.</summary>
internal sealed record ModelFacts(string By)
{
    public string? Licence { get; init; }
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    public ModelLineage Lineage { get; init; } = new();

    /// <summary>As the query of a request whose body is an archive.</summary>
    public string Query() =>
        "?"
        + string.Join(
            '&',
            Pairs().Where(p => p.Value is not null).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value!)}")
        );

    /// <summary>Each as "accuracy=0.93".</summary>
    /// <exception cref="StackException">One is none, or is there twice.</exception>
    public static IReadOnlyDictionary<string, double> ParseMetrics(IEnumerable<string> texts)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            if (
                text.Split('=', 2) is not [{ Length: > 0 } name, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                || !double.IsFinite(value)
            )
            {
                throw new StackException($"'{text}' is no metric; say for instance --metric accuracy=0.93.", 2);
            }
            if (!metrics.TryAdd(name, value))
            {
                throw new StackException($"The metric '{name}' is there twice, as {metrics[name]} and {value}; say it once.", 2);
            }
        }
        return metrics;
    }

    private IEnumerable<(string Key, string? Value)> Pairs() =>
        [
            ("licence", Licence),
            ("trainingRun", Lineage.TrainingRun),
            ("dataDigest", Lineage.DataDigest),
            ("codeCommit", Lineage.CodeCommit),
            ("baseModel", Lineage.BaseModel),
            .. Metrics.Select(m => ("metric." + m.Key, (string?)m.Value.ToString("R", CultureInfo.InvariantCulture))),
        ];
}
