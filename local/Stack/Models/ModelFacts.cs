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

    /// <summary>"accuracy=0.93".</summary>
    public static KeyValuePair<string, double> ParseMetric(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var number]
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? new(name, value)
            : throw new StackException($"'{text}' is no metric; say for instance --metric accuracy=0.93.");

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
