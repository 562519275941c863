using System.Text.Json.Nodes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Costs;
using Serverless.Runs;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>A run of an orchestration, or other work, as lists show it.</summary>
/// <param name="Outcome">What it came to in the words of the pipeline: "processed", "quarantined", "rejected", "rolled back", ….</param>
/// <param name="Stage">Of its custom status.</param>
/// <param name="Parent">The id of the run that started it.</param>
/// <param name="Tags">Its own and what it is about, as "name:value".</param>
/// <param name="Failure">Its beginning.</param>
/// <param name="Cost">Of models; absent of a run that asked none.</param>
internal sealed record RunRow(
    string Id,
    RunKind Kind,
    string Name,
    RunStatus Status,
    string? Outcome,
    string? Stage,
    string? Parent,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset? Ended,
    IReadOnlyList<string>? Tags,
    string? Failure,
    RunCost? Cost
)
{
    public static RunRow Of(RunEntry run, PriceOptions prices) =>
        new(
            run.Id,
            run.Kind,
            run.Name,
            run.Status,
            run.Outcome,
            run.Stage,
            run.Parent,
            run.Created,
            run.Updated,
            run.Ended,
            run.Tags,
            run.Failure,
            RunCost.Of(run.Spent, prices)
        );
}

/// <param name="Total">On all pages.</param>
/// <param name="Incomplete">Why runs may be missing, for people; absent where none is.</param>
internal sealed record RunListAnswer(IReadOnlyList<RunRow> Items, int Total, string? Next, string? Incomplete);

/// <summary>A run of an orchestration, whole but for what is large.</summary>
/// <param name="Input">Absent where it is longer than 20,000 characters: <c>/api/runs/{id}/payloads/input</c> has it whole; the same of
/// the other payloads.</param>
/// <param name="Children">Ids of the runs that it started, as far as the index knows them, at most 200.</param>
/// <param name="Cost">Of models; absent of a run that asked none.</param>
/// <param name="Trace">The id of its trace where telemetry is on.</param>
/// <param name="TraceAddress">Where it is shown; absent where the setting Telemetry:TraceAddress does not say.</param>
/// <param name="History">Its events from <c>after</c> on, in the order in which they happened.</param>
/// <param name="Events">How many there are.</param>
/// <param name="Next">The <c>after</c> of the rest of the history; absent at its end.</param>
internal sealed record RunAnswer(
    string Id,
    string Name,
    OrchestrationRuntimeStatus Status,
    string? Outcome,
    string? Stage,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset? Ended,
    string? Parent,
    IReadOnlyList<string> Children,
    IReadOnlyList<string>? Tags,
    JsonNode? CustomStatus,
    int CustomStatusCharacters,
    JsonNode? Input,
    int InputCharacters,
    JsonNode? Output,
    int OutputCharacters,
    string? Failure,
    RunFailure? FailureDetails,
    RunCost? Cost,
    string? Trace,
    IReadOnlyList<RunEvent> History,
    int Events,
    int? Next,
    string? TraceAddress = null
)
{
    public static RunAnswer Of(
        OrchestrationMetadata run,
        RunHistory history,
        IReadOnlyList<string> children,
        PriceOptions prices,
        DateTimeOffset now
    )
    {
        RunEntry facts = RunEntries.Of(run, known: null, now);
        return new(
            run.InstanceId,
            facts.Name,
            run.RuntimeStatus,
            facts.Outcome,
            facts.Stage,
            run.CreatedAt,
            run.LastUpdatedAt,
            facts.Ended,
            history.Parent,
            children,
            facts.Tags,
            RunPayload.Read(run.SerializedCustomStatus, RunPayload.MaxOfRun),
            run.SerializedCustomStatus?.Length ?? 0,
            RunPayload.Read(run.SerializedInput, RunPayload.MaxOfRun),
            run.SerializedInput?.Length ?? 0,
            RunPayload.Read(run.SerializedOutput, RunPayload.MaxOfRun),
            run.SerializedOutput?.Length ?? 0,
            run.FailureDetails?.ErrorMessage,
            RunFailure.Of(run.FailureDetails),
            RunCost.Of(facts.Spent, prices),
            history.Trace,
            history.Events,
            history.Total,
            history.Next
        );
    }
}

/// <summary>Why something failed, and because of what.</summary>
internal sealed record RunFailure(string Type, string Message, string? Stack, RunFailure? Cause)
{
    /// <summary>Causes of causes are told this deep.</summary>
    public const int MaxDepth = 5;

    public static RunFailure? Of(TaskFailureDetails? details, int depth = 1) =>
        details is null
            ? null
            : new(
                details.ErrorType,
                details.ErrorMessage,
                details.StackTrace,
                depth < MaxDepth ? Of(details.InnerFailure, depth + 1) : null
            );
}
