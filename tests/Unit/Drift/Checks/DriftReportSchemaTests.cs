using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Intervals;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Ingest.Documents;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

/// <summary>What <c>GET /api/schemas/drift</c> answers is what reports are.</summary>
public sealed class DriftReportSchemaTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);
    private static readonly DriftSubject Subject = new("prod", "m", 1);
    private static readonly JsonSchemaCheck Schema = new(JsonSerializer.SerializeToElement(StoredSchema.Of(typeof(DriftReport))));

    private readonly FakeTimeProvider _time = new(Start.AddDays(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepts_ReportsWithAndWithoutAReference()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        DriftStore drift = new(store, _time);
        DriftCheck check = new(drift, new WindowReader(store, _time), new DriftLimits(), _time);
        await StoreAsync(store, Start, label: "a");
        await StoreAsync(store, Start.AddHours(1), label: "b");
        ValidatedQuality validated = new("v", "accuracy", new(0.9, 0.8, 1), "d", "models/m", Start, MacroF1: new Interval(0.9, 0.8, 1));

        DriftReport first = await check.RunAsync(RequestOf(Start), validated: null, Token),
            alarm = await check.RunAsync(RequestOf(Start.AddHours(1)), validated, Token);
        await drift.DecideAsync(Subject, alarm.Name, [new DriftDecision("alert", Done: true, "Shifted.", Start)], Token);
        DriftReport decided = (await drift.FindReportAsync(Subject, alarm.Name, Token))!;

        Assert.Equal(DriftVerdict.Alarm, decided.Verdict);
        Assert.NotNull(decided.Current.Quality!.Labels);
        Assert.Empty(Schema.Faults(Json(first)));
        Assert.Empty(Schema.Faults(Json(decided)));
    }

    [Fact]
    public async Task Rejects_WhatIsNoReport()
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        DriftCheck check = new(new DriftStore(store, _time), new WindowReader(store, _time), new DriftLimits(), _time);
        DriftReport report = await check.RunAsync(RequestOf(Start), validated: null, Token);
        JsonNode wrong = JsonNode.Parse(Json(report).GetRawText())!;
        wrong["verdict"] = "moon";
        wrong.AsObject().Remove("findings");

        Assert.Equal(2, Schema.Faults(JsonSerializer.SerializeToElement(wrong)).Count);
    }

    private static JsonElement Json(DriftReport report) => JsonDocument.Parse(StoredJson.Write(report).ToMemory()).RootElement;

    private static DriftCheckRequest RequestOf(DateTimeOffset hour) =>
        new(Subject, new DriftWindow(hour, hour.AddHours(1)), DriftReference.Pinned, DriftLikeness.Any);

    /// <summary>200 predictions with vectors, of which each is reported as "a".</summary>
    private async Task StoreAsync(IObjectStore store, DateTimeOffset hour, string label)
    {
        TrafficSummary traffic = TrafficSummary.OfHour();
        for (int i = 0; i < 200; i++)
        {
            Dictionary<string, string> said = new()
            {
                [FeatureNames.Correct] = label == "a" ? "true" : "false",
                [FeatureNames.TrueLabel] = "a",
            };
            Dictionary<string, double> more = new() { ["input.length"] = i, [FeatureNames.Milliseconds] = 2 };
            traffic.Add(DrawnTraffic.Row($"{hour:HH}-{i}", i % 20 / 20.0, label, vector: [i % 7, i % 3, 1], more: more));
            traffic.Add(new Observation(ObservationKind.Feedback, $"{hour:HH}-{i}", new Dictionary<string, double>(), said));
        }
        CaptureFaults faults = new(1, 2, 3, "line 1: torn", 4, 5, ["file: came late"]);
        HourSummary summary = new(hour, ["f"], faults, new Dictionary<string, StoredTraffic> { ["prod"] = traffic.ToStored() });
        string path = $"drift/m/1/hours/{hour:yyyy'/'MM'/'dd'/'HH}.json.gz";
        StoredDocument<HourSummary> document = new(store, path, SummaryFormat.MaxBytes, _time, SummaryFormat.Of<HourSummary>());
        await document.CreateAsync(summary, Token);
    }
}
