using System.Globalization;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Pages;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>One measured number; where it is compared, with what (a limit of the machine or a peer, in the same run) and the aim.</summary>
/// <param name="Better">"lower" or "higher".</param>
/// <param name="Aim">What <see cref="Value"/> should be; null where only the number is of interest.</param>
internal sealed record Measurement(
    string Name,
    double Value,
    string Unit,
    string Better,
    double? Aim = null,
    string? Peer = null,
    double? PeerValue = null,
    double? Ratio = null
)
{
    public bool? Met =>
        Aim is null ? null
        : Better == "lower" ? Value <= Aim
        : Value >= Aim;
}

/// <summary>Collects the measurements of a run, prints them as a table and writes <c>artifacts/bench.json</c>.</summary>
internal sealed class BenchReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<Measurement> _measurements = [];

    public void Add(Measurement measurement)
    {
        _measurements.Add(measurement);
        AnsiConsole.MarkupLineInterpolated($"  {measurement.Name}: {Number(measurement.Value)} {measurement.Unit}");
    }

    public void Print()
    {
        Table table = new Table().RoundedBorder().AddColumns("Measure", "Value", "Peer or limit", "Ratio", "Aim", "Met");
        foreach (Measurement m in _measurements)
        {
            table.AddRow(
                new Text(m.Name),
                new Text($"{Number(m.Value)} {m.Unit}"),
                new Text(m.Peer is null ? "" : $"{m.Peer}: {Number(m.PeerValue)} {m.Unit}"),
                new Text(Number(m.Ratio)),
                new Text(m.Aim is null ? "" : (m.Better == "lower" ? "≤ " : "≥ ") + Number(m.Aim)),
                new Text(
                    m.Met switch
                    {
                        true => "yes",
                        false => "no",
                        null => "",
                    }
                )
            );
        }
        AnsiConsole.Write(table);
    }

    /// <param name="name">Of the file under <c>artifacts/</c>.</param>
    public void Write(string name, bool quick)
    {
        string path = Path.Combine(Checkout.Root, "artifacts", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    Machine = Machine(),
                    Quick = quick,
                    Measurements = _measurements,
                },
                Json
            )
        );
        AnsiConsole.MarkupLineInterpolated($"Written to {path}");
    }

    private static object Machine() =>
        new
        {
            Processors = MeasuredMachine.Cores,
            MeasuredMachine.Model,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Runtime = Environment.Version.ToString(),
        };

    private static string Number(double? value) => value?.ToString(value < 10 ? "0.###" : "#,##0.#", CultureInfo.InvariantCulture) ?? "";
}
