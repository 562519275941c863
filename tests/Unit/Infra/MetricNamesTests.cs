using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Alerts.Rules;
using Serverless.Serving.Objectives;
using Xunit;

namespace Serverless.Unit.Infra;

/// <summary>What infra/ asks Prometheus for is what the processes write: an alert on any other name would never come.</summary>
public sealed partial class MetricNamesTests
{
    /// <summary>Prometheus writes it itself.</summary>
    private const string Up = "up";

    private static readonly string Rules = SourceTree.Read("infra/prometheus/rules.yml");

    private static readonly string Dashboard = SourceTree.Read("infra/grafana/dashboard.json");

    [Fact]
    public async Task Rules_AskForMetricsThatAreWritten()
    {
        IReadOnlySet<string> written = await WrittenMetrics.ReadAsync();
        string[] asked = [.. ExpressionsOfRules().SelectMany(PromQl.MetricsIn).Distinct()];

        Assert.InRange(asked.Length, 10, 100);
        Assert.Empty(asked.Except(written).Except(Recorded()).Except([Up]));
    }

    [Fact]
    public async Task Dashboard_AsksForMetricsThatAreWritten()
    {
        IReadOnlySet<string> written = await WrittenMetrics.ReadAsync();
        string[] asked = [.. ExpressionsOfPanels().SelectMany(PromQl.MetricsIn).Distinct()];

        Assert.InRange(asked.Length, 15, 100);
        Assert.Empty(asked.Except(written).Except(Recorded()));
    }

    [Fact]
    public void Dashboard_HasPanelsWithATitleAUnitAndAPlaceOfTheirOwn()
    {
        JsonElement[] panels = [.. JsonDocument.Parse(Dashboard).RootElement.GetProperty("panels").EnumerateArray()];

        Assert.InRange(panels.Length, 12, 20);
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("gridPos").GetRawText()).Distinct().Count());
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("title").GetString()).Distinct().Count());
        Assert.All(panels, panel =>
            Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString())
        );
    }

    [Theory]
    [InlineData("faults", "0.001", "14.4", "1h", "5m")]
    [InlineData("faults", "0.001", "6", "6h", "30m")]
    [InlineData("faults", "0.001", "1", "3d", "6h")]
    [InlineData("slow", "0.01", "14.4", "1h", "5m")]
    [InlineData("slow", "0.01", "6", "6h", "30m")]
    [InlineData("slow", "0.01", "1", "3d", "6h")]
    public void Rules_WatchTheBudgets_OverALongAndAShortWindow(string of, string budget, string rate, string longWindow, string shortWindow)
    {
        string series = $"serverless:predictions_{of}:ratio_rate";

        Assert.Contains($"{series}{longWindow} > {rate} * {budget} and {series}{shortWindow} > {rate} * {budget}", ExpressionsOfRules());
        Assert.All([longWindow, shortWindow], window => Assert.Contains($"{series}{window}", Recorded()));
    }

    /// <summary>What the pipeline finds wrong by itself, and nothing else that it measures tells.</summary>
    [Theory]
    [InlineData("drift")]
    [InlineData("quality")]
    [InlineData("missingAssets")]
    [InlineData("stuckRun")]
    [InlineData("haltedRun")]
    [InlineData("backlogAge")]
    public void Rules_TellOfOpenAlerts(string rule) =>
        Assert.Contains(ExpressionsOfRules(), expression =>
            Regex.IsMatch(expression, $"serverless_alerts_open{{rule=~?\"([a-zA-Z|]+\\|)?{rule}[\"|]")
        );

    [Fact]
    public void Rules_AndPanels_NameRulesThatAreKnown()
    {
        string[] named =
        [
            .. ExpressionsOfRules()
                .Concat(ExpressionsOfPanels())
                .SelectMany(expression => OpenAlertsOf().Matches(expression))
                .SelectMany(match => match.Groups[1].Value.Split('|')),
        ];

        Assert.NotEmpty(named);
        Assert.All(named, rule => Assert.True(KnownRule.IsKnown(rule), rule));
    }

    [Theory]
    [InlineData("serverless_alerts_open")]
    [InlineData("serverless_orchestration_runs")]
    public void Dashboard_Shows(string metric) => Assert.Contains(metric, ExpressionsOfPanels().SelectMany(PromQl.MetricsIn));

    [Fact]
    public void Rules_HaveTheBudgetsOfTheDefaultObjective()
    {
        ServiceObjective objective = new();

        Assert.Equal((0.999, 0.99), (objective.Availability, objective.InTime));
        Assert.Contains($"le=\"{objective.LatencyMilliseconds / 1_000}\"", Rules, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum by (le, model) (rate(a_b_bucket{x=~\"c|d\"}[5m])) > 1e3 and on () e:f:g offset 5m", "a_b_bucket, e:f:g")]
    [InlineData("max(a) / 0.001 == 0 or rate(b_total[$__rate_interval])", "a, b_total")]
    public void MetricsIn_AnExpression_AreWhatIsNeitherFunctionNorLabel(string expression, string expected) =>
        Assert.Equal(expected, string.Join(", ", PromQl.MetricsIn(expression).Where(name => name != "5m")));

    private static IEnumerable<string> Recorded() => Record().Matches(Rules).Select(match => match.Groups[1].Value);

    /// <summary>On the line of their key, or folded below it.</summary>
    private static IEnumerable<string> ExpressionsOfRules() =>
        Expression().Matches(Rules).Select(match => Fold().Replace(match.Groups["folded"].Value + match.Groups["line"].Value, " ").Trim());

    private static IEnumerable<string> ExpressionsOfPanels() =>
        JsonDocument
            .Parse(Dashboard)
            .RootElement.GetProperty("panels")
            .EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!);

    [GeneratedRegex(@"^ +expr: (?:>-\n(?<folded>(?: {10,}.*\n)+)|(?<line>[^>\n].*))", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\s*\n\s*|^\s+")]
    private static partial Regex Fold();

    [GeneratedRegex("serverless_alerts_open\\{rule=~?\"([^\"]+)\"")]
    private static partial Regex OpenAlertsOf();

    [GeneratedRegex(@"record: (\S+)")]
    private static partial Regex Record();
}
