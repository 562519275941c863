using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>A body of an act on a run.</summary>
internal sealed record RunActRequest([Required] string? Reason);

/// <summary>A body of <c>POST /api/runs/acts</c>.</summary>
/// <param name="Expected">Runs that the filter in the query admits.</param>
internal sealed record ActOnManyRequest([Required] RunAct? Act, [Required] int? Expected, [Required] string? Reason);

/// <summary>What can be done to many jobs at once.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobAct>))]
internal enum JobAct
{
    Requeue = BulkAct.Requeue,
    Cancel = BulkAct.Cancel,
}

/// <summary>A body of <c>POST /api/jobs/acts</c>.</summary>
/// <param name="Expected">Jobs that the filter in the query admits and that runs wait for.</param>
internal sealed record ActOnJobsRequest([Required] JobAct? Act, [Required] int? Expected, [Required] string? Reason);

/// <summary>A body of <c>POST /api/runs/{id}/events/{event}</c>.</summary>
/// <param name="Payload">What the event carries, as the list of orchestrators says.</param>
internal sealed record RaiseEventRequest([Required] JsonElement? Payload, [Required] string? Reason);

/// <summary>A body of <c>POST /api/runs</c>.</summary>
/// <param name="Orchestrator">One of the app's own.</param>
/// <param name="Id">Made up where none is given.</param>
internal sealed record StartRunRequest(
    [Required] string? Orchestrator,
    [Required] JsonElement? Input,
    [Required] string? Reason,
    string? Id = null
);

/// <summary>What was asked for; the run takes it up at once, or once its present step ends.</summary>
internal sealed record RunActAnswer(string Id, string Act, string Run)
{
    public static RunActAnswer Of(string id, string act) => new(id, act, $"/api/runs/{Uri.EscapeDataString(id)}");
}

/// <summary>An orchestrator of the app.</summary>
/// <param name="Input">The members of its input, with their kinds.</param>
/// <param name="StartedBy">Routes or settings that alone start its runs; absent where an operator may.</param>
/// <param name="MayRestart">Whether an operator may begin a run that has ended anew.</param>
internal sealed record OrchestratorAnswer(
    string Name,
    IReadOnlyList<string> Input,
    IReadOnlyList<string>? StartedBy,
    bool MayRestart,
    IReadOnlyList<EventAnswer> Events
)
{
    public static OrchestratorAnswer Of(KnownOrchestrator known) =>
        new(
            known.Name,
            PayloadReader.Describe(known.Input),
            known.MayStart ? null : known.StartedBy,
            known.MayRestart,
            [.. known.Events.Select(one => new EventAnswer(one.Name, PayloadReader.Describe(one.Payload), one.RaisedBy))]
        );
}

/// <param name="RaisedBy">Who alone raises it; absent where an operator may.</param>
internal sealed record EventAnswer(string Name, IReadOnlyList<string> Payload, string? RaisedBy);
