using Serverless.Cards;
using Serverless.Functions.Azure.Costs;
using Serverless.Functions.Azure.Health;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Releases;
using Serverless.Functions.Azure.Runs;
using Serverless.Functions.Azure.Triggers;
using Serverless.Orchestrations.Ingest;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.OpenApi;

internal static class SystemOperations
{
    /// <summary>What a list of runs costs at most, and what it says then.</summary>
    public static string Bound { get; } =
        $"A page reads at most {NewestRuns.MaxRead} runs in {NewestRuns.MaxSeconds} seconds; where that ends it early, "
        + $"`incomplete` says so and `next` goes on";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("OpenApi", "This document").Gives("application/json", "OpenAPI 3.1"),
        new Operation(
            "Health",
            "What is true of the whole as far as this app sees it: healthy, or degraded with what was found and what is expected. "
                + "503 only once it stops, so it may be a liveness probe"
        )
            .Gives<HealthAnswer>()
            .Gives<HealthAnswer>(503, "The same of a process that stops"),
        new Operation("Metrics", "What this process measured").Gives(
            "text/plain",
            "Prometheus' text format, version 0.0.4, or OpenMetrics where Accept asks for it"
        ),
        new Operation("ListObjectives", "Objectives of each model, and how fast their error budgets burn").Gives<
            ListAnswer<ObjectiveStanding>
        >(),
        new Operation(
            "ShowCost",
            "What models have cost: by version in this process, by kind and hour of media, by name of runs"
        ).Gives<CostAnswer>(),
        new Operation(
            "ShowRelease",
            "What runs, as one document: version, host.json, settings without secrets, aliases, plans, rules of alerts"
        ).Gives<ReleaseAnswer>(),
        new Operation("ShowSystemCard", "What is recorded of the whole system, with an index by the EU AI Act and the NIST AI RMF")
            .Query("format", "html, markdown or json; as Accept says if absent, else html")
            .Gives<Card>(),
        .. RunOperations.All,
        new Operation("Reconcile", "Looks for what events have missed, and mends it")
            .Query("graceSeconds", "Uploads younger than this are left alone", "integer")
            .Query("since", "Names uploads that runs since this time knew and no store has, as after a restore")
            .Gives<IReadOnlyList<ReconcileReport>>()
            .Gives<ReconcileRunAnswer>(202, "It takes longer; Location says where its status is")
            .Fails(502),
        new Operation("ResultAnnounced", "Takes a signed CloudEvent of a result that was reached elsewhere")
            .Header("webhook-id", "Of the event", required: true)
            .Header("webhook-timestamp", "Seconds since 1970", required: true)
            .Header("webhook-signature", "HMAC-SHA256", required: true)
            .Takes("application/cloudevents+json", "CloudEvents 1.0, structured")
            .GivesNothing(202, "Taken")
            .Fails(401, 413),
        new Operation(
            "WatchChanges",
            "Tells by server-sent events that something has changed, `changed`, or that nothing has, `same`; what it is, the lists say. "
                + "A stream ends after some minutes; 503 where too many are open"
        )
            .Query("of", "runs or assets", required: true)
            .Gives("text/event-stream", "Events without data"),
        new Operation("Console", "The console, a page").Gives("text/html", "The page"),
        new Operation("ConsoleFile", "A file of the console").Gives("application/octet-stream", "As its Content-Type says").Fails(404),
    ];
}
