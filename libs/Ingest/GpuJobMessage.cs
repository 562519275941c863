using Serverless.Ingest.Analyzers;

namespace Serverless.Ingest;

/// <summary>Asks gpu-batch for the analysis of one asset version; carries a pointer, never bytes.</summary>
/// <param name="JobId">The same for every sending of the same job, so that a doubled one is known.</param>
/// <param name="InstanceId">The run that waits for the answer on <c>gpu-completions</c>; null where nobody waits (a job of the
/// Lambda handler): then the worker itself completes the ledger and announces the analysis.</param>
/// <param name="Enqueued">When it was first sent, for the time spent in the queue.</param>
/// <param name="TraceParent">The trace that the job belongs to, as W3C Trace Context writes it; null where there is none.</param>
/// <param name="HandBacks">How often a worker that had to end handed it back: these hand-outs do not count as attempts.</param>
/// <param name="Faults">How many attempts ended with a fault that a worker lived to tell; the others ended with their process.</param>
public sealed record GpuJobMessage(
    string JobId,
    AnalysisRequest Request,
    string? InstanceId,
    DateTimeOffset Enqueued,
    string? TraceParent = null,
    int HandBacks = 0,
    int Faults = 0
);

/// <summary>Answers a <see cref="GpuJobMessage"/> whose run waits.</summary>
/// <param name="Status">Without a failure: the document has been written, or the version is no longer there to be analysed.</param>
/// <param name="Spent">By models, where the document has been written.</param>
/// <param name="Attempt">How often its analysis had been begun by then, counted on from the request's; null where nobody counted.</param>
public sealed record GpuCompletionMessage(
    string InstanceId,
    string JobId,
    Failure? Failure,
    AnalysisStatus Status = AnalysisStatus.Analysed,
    AnalysisSpending? Spent = null,
    int? Attempt = null
)
{
    /// <summary>The external event that carries this message into the run.</summary>
    public const string EventName = "GpuCompleted";

    /// <summary>Who alone raises it: an answer of anybody else would have an upload count as processed that nobody has analysed.</summary>
    public const string RaisedBy = "gpu-batch and POST /api/jobs/{id}/cancel";
}
