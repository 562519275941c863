using System.Diagnostics.Metrics;

namespace Serverless.Telemetry;

/// <summary>
/// Names as Prometheus wants them, made by OpenTelemetry's rules (specification, "Prometheus and OpenMetrics Compatibility").
/// </summary>
internal static class MetricName
{
    public static string Of(Instrument instrument)
    {
        string name = Clean(instrument.Name);
        string unit = instrument.Unit switch
        {
            null or "" => "",
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" => "_ratio",
            "%" => "_percent",
            var other when other.StartsWith('{') => "",
            var other => "_" + Clean(other),
        };
        Type type = instrument.GetType().GetGenericTypeDefinition();
        bool counts = type == typeof(Counter<>) || type == typeof(ObservableCounter<>);
        if (!name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }
        return counts && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Letters, digits and underscores, not beginning with a digit.</summary>
    public static string Clean(string name) => string.Create(name.Length, name, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiLetter(source[i]) || (i > 0 && char.IsAsciiDigit(source[i])) ? source[i] : '_';
            }
        });
}
