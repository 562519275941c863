using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Costs;

namespace Serverless.Local.Stack.Recommend;

/// <summary>What was measured, what it costs by a price list, and what to take; written as JSON and as a page.</summary>
internal sealed record RecommendDocument(
    string Model,
    DateTimeOffset At,
    PriceList Prices,
    IReadOnlyList<MachineMeasurements> Machines,
    Recommendation Recommendation
)
{
    private const int MostRows = 15;

    private static readonly JsonSerializerOptions Json = new(ReportFiles.Json)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private Demand Demand => Recommendation.Demand;

    public string Verdict =>
        Recommendation.Best is { } best
            ? Say($"{best.Count} × {best.Kind.Name} ({best.Kind.Cloud}) with {SettingOf(best.Setting)}: ")
                + Say($"{Price(best.PerHour)} an hour, {Price(best.Per1000)} per 1,000 predictions, p95 {best.P95Milliseconds:0.#} ms")
                + (best.IsEstimate ? ". This is an estimate: the kind was not measured." : ".")
            : Say($"Nothing that was measured answers {Demand.Rate:0.##} predictions a second within {Durations.Say(Demand.Within)} (p95)")
                + (Demand.LeastAccuracy is { } least ? Say($" with an accuracy of {least} or more.") : ".");

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    public string ToPage()
    {
        PageWriter page = new($"Serving {Model}");
        page.Verdict(Recommendation.Best is not null, Verdict)
            .Facts(
                (
                    "Demand",
                    Say($"{Demand.Rate:0.###} predictions a second at the busiest time, 95 of 100 within {Durations.Say(Demand.Within)}")
                ),
                ("Prices", Say($"as of {Prices.Date:yyyy-MM-dd}, {Prices.Currency}: {Prices.Source}")),
                ("When", Say($"{At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"))
            );
        WriteFront(page);
        WriteChoices(page);
        foreach (MachineMeasurements machine in Machines)
        {
            WriteMachine(page, machine);
        }
        return page.ToString();
    }

    private void WriteFront(PageWriter page)
    {
        ServingChoice[] shown = [.. Recommendation.Choices.Take(400)];
        ChartSeries Of(string name, string style, IEnumerable<ServingChoice> some)
        {
            ServingChoice[] all = [.. some];
            return new ChartSeries(name, style, [.. all.Select(choice => (1000 * choice.Per1000, choice.P95Milliseconds))])
            {
                Titles = [.. all.Select(Title)],
            };
        }
        page.Heading("Cost against latency")
            .Paragraph(
                "Each dot is a number of instances of a kind with a setting that keep up with the demand; the line joins those that no "
                    + "other betters in cost and latency."
            )
            .Chart(
                "Cost and latency of all choices",
                $"{Prices.Currency} per million predictions",
                "p95, ms",
                Of("measured", "three dots", shown.Where(choice => !choice.IsEstimate)),
                Of("estimated by cores", "two dots", shown.Where(choice => choice.IsEstimate)),
                Of("Pareto front", "one", Recommendation.Front)
            );
    }

    private void WriteChoices(PageWriter page)
    {
        page.Heading("The cheapest that answer the demand")
            .Table(
                3,
                ["Instances", "Setting", "Basis", "At, /s each", "p95, ms", $"{Prices.Currency}/h", $"{Prices.Currency}/1,000"],
                Recommendation
                    .Choices.DistinctBy(choice => (choice.Kind.Name, choice.Setting))
                    .Take(MostRows)
                    .Select(choice =>
                        (IReadOnlyList<string>)
                            [
                                $"{choice.Count} × {choice.Kind.Name} ({choice.Kind.Cloud})",
                                SettingOf(choice.Setting),
                                choice.IsEstimate ? $"estimate from {choice.MeasuredOn}" : "measured",
                                Number(choice.RateEach),
                                Number(choice.P95Milliseconds),
                                Amount(choice.PerHour),
                                Amount(choice.Per1000),
                            ]
                    )
            )
            .Paragraph(
                "An estimate takes the rates of a machine that was measured, times the ratio of cores, at the same latency. It knows "
                    + "nothing of other clocks, caches and memory: measure the kind (make recommend there, then MEASURED=its file) before "
                    + "you decide by it."
            );
        foreach (string sentence in Recommendation.NotCompared)
        {
            page.Paragraph($"Not compared: {sentence}");
        }
    }

    private static void WriteMachine(PageWriter page, MachineMeasurements machine)
    {
        string[] styles = ["one", "two", "three", "four"];
        page.Heading($"Measured on {machine.Kind ?? machine.Machine}")
            .Facts(
                ("Machine", machine.Machine),
                ("Package", machine.Digest),
                ("When", Say($"{machine.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"))
            )
            .Chart(
                "Latency by rate, where it was kept up with",
                "predictions a second",
                "p95, ms",
                [
                    .. machine
                        .Settings.OrderByDescending(setting => setting.Saturated)
                        .Take(styles.Length)
                        .Select(
                            (setting, i) =>
                                new ChartSeries(
                                    SettingOf(setting),
                                    styles[i],
                                    [.. setting.Rates.Where(rate => rate.Kept).Select(rate => (rate.Rate, rate.P95Milliseconds))]
                                )
                        ),
                ]
            )
            .Table(
                2,
                ["Setting", "Accuracy", "Alone, ms", "At most, /s", "Highest kept, /s", "p95 there, ms", "Loads in, ms", "Memory, MB"],
                machine.Settings.Select(setting =>
                {
                    MeasuredRate? best = setting.Best(TimeSpan.MaxValue);
                    return (IReadOnlyList<string>)
                        [
                            SettingOf(setting),
                            setting.Accuracy is { } found
                                ? Say($"{found.Metric} {found.Value:0.####} ({found.Low:0.###} to {found.High:0.###}, {found.Items} items)")
                                : "not judged",
                            Number(setting.SingleMilliseconds),
                            Number(setting.Saturated),
                            best is null ? "none" : Number(best.Rate),
                            best is null ? "–" : Number(best.P95Milliseconds),
                            Number(setting.LoadMilliseconds),
                            Number(setting.PeakMegabytes),
                        ];
                })
            );
        foreach (string sentence in machine.Absent)
        {
            page.Paragraph($"Not measured: {sentence}");
        }
    }

    private static string SettingOf(MeasuredSetting setting) =>
        Say($"{setting.Graph} on {setting.Provider}, {setting.Threads} threads, batches of {setting.BatchItems}");

    private static string Title(ServingChoice choice) =>
        Say($"{choice.Count} × {choice.Kind.Name}, {SettingOf(choice.Setting)}, {choice.RateEach:0.#}/s each")
        + (choice.IsEstimate ? " (estimate)" : "");

    private string Price(double amount) => $"{Amount(amount)} {Prices.Currency}";

    private static string Amount(double amount) => amount.ToString(amount < 0.01 ? "0.######" : "0.###", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture);

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
