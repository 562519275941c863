using Serverless.Functions.Azure.Graph;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;

namespace Serverless.Functions.Azure.OpenApi;

internal static class RunOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        Filtered(
                new Operation(
                    "ListRuns",
                    "Runs of orchestrations, and work that is none, the newest first unless asked otherwise. "
                        + "An index of our own, which the turns of runs write, "
                        + "says which they are, so that every storage provider is sorted and filtered alike; the run store says how each "
                        + "stands. Runs that are ended from outside are counted as they stood until they are looked at, or for some minutes"
                )
            )
            .Query("sort", "created, updated, duration, name or status; created if absent")
            .Query("order", "desc or asc; desc if absent")
            .Paged()
            .Gives<RunListAnswer>(),
        Filtered(new Operation("SummariseRuns", "Counts of runs by kind, status, outcome and name, and over time")).Gives<RunSummary>(),
        new Operation("ShowRun", "A run with its history; what is large is left out and can be asked for")
            .Query("limit", "At most so many events, 1 to 2,000; 500 if absent", "integer")
            .Query("after", "The events from the one on whose `next` this is", "integer")
            .Gives<RunAnswer>()
            .Fails(404),
        new Operation("ShowRunPayload", "The input, output or customStatus of a run, whole")
            .Gives("application/json", "As the run store has it")
            .Fails(404),
        new Operation("ShowRunEvent", "An event of a run's history, whole").Gives<RunEvent>().Fails(404),
        Timed(
                new Operation(
                    "ShowGraph",
                    "The app's functions as it declares them to the host, the queues and containers that they listen to, "
                        + "and who called whom: "
                        + "runs created in the time, what their histories have, and calls of other functions in this process"
                )
            )
            .Gives<GraphAnswer>(),
    ];

    /// <summary>The parameters of <see cref="RunQueryReader.ReadRunFilter"/>.</summary>
    public static Operation Filtered(Operation operation) =>
        Timed(operation)
            .Query(
                "kind",
                "Of any of these kinds, with commas between: orchestration, lambda (objects of the bucket), job (of gpu-batch), "
                    + "trial (of a model version)"
            )
            .Query("status", "Of any of these, with commas between: pending, running, suspended, completed, failed, terminated")
            .Query("outcome", "That came to any of these, with commas between: processed, quarantined, rejected, rolled back, …")
            .Query("name", "Of any of these orchestrations, with commas between")
            .Query("prefix", "Whose id begins so")
            .Query("parent", "That the run of this id started")
            .QueryMany("tag", "With each of these tags, as name:value; asset, model and environment say what a run is about")
            .Query(
                "text",
                $"Whose id, failure or first {RunText.MaxCharacters} characters of input, output or custom status have this, in any case"
            );

    private static Operation Timed(Operation operation) =>
        operation
            .Query("from", "Created then or later")
            .Query("to", "Created before")
            .Query("within", "In place of from and to: created in the last 15m, 24h, 7d, …");
}
