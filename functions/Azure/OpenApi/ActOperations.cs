using Serverless.Audit;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Operations;
using Serverless.Functions.Azure.Runs.Acts;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>What operators do to runs, and the log of what they did.</summary>
internal static class ActOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ListOrchestrators", "Orchestrators of the app, with their inputs and the events that they await").Gives<
            ListAnswer<OrchestratorAnswer>
        >(),
        new Operation("StartRun", "Starts a run of an orchestrator")
            .ByName()
            .Takes<StartRunRequest>()
            .Gives<RunActAnswer>(202, "Begun")
            .Fails(409, 413),
        new Operation("RaiseRunEvent", "Raises an event that the run awaits, or will")
            .ByName()
            .Takes<RaiseEventRequest>()
            .Gives<RunActAnswer>(202, "Sent to the run")
            .Fails(404, 409, 413),
        Act("SuspendRun", "Has a run stand still; what it waits for is kept for it"),
        Act("ResumeRun", "Has a suspended run go on"),
        Act("TerminateRun", "Ends a run and those that it waits for; activities at work go on, and nobody takes their result"),
        Act("RestartRun", "Begins a run that has ended anew, under its id and with its input"),
        Act("RewindRun", "Has a failed run go on from the step that failed; what succeeded does not run again"),
        Act("PurgeRun", "Forgets a run that has ended, with its history"),
        RunOperations
            .Filtered(
                new Operation(
                    "ActOnManyRuns",
                    "Does the same to all runs that a filter admits, by a run whose custom status says how far it is; the list of runs "
                        + "says beforehand how many they are"
                )
            )
            .ByName()
            .Takes<ActOnManyRequest>()
            .Gives<RunActAnswer>(202, "Begun, by this run")
            .Fails(409, 413),
        new Operation(
            "ListJobs",
            "Jobs that runs wait for gpu-batch to answer, and those of the bucket, the longest first: queued, in a worker's hand, or "
                + "without a sign of life"
        )
            .Query("state", "queued, inHand or silent")
            .Query("limit", "At most so many, 1 to 200; 50 if absent", "integer")
            .Gives<JobListAnswer>(),
        Act("RequeueJob", "Sends the job of a waiting run again; a worker that meets it twice answers from what is written"),
        Act("CancelJob", "Gives the job of a waiting run up: an upload ends in quarantine, and can be redriven"),
        new Operation(
            "ActOnJobs",
            "Requeues or cancels all jobs that the filter admits and that runs wait for, by a run whose custom status says how far it is"
        )
            .Query("state", "queued, inHand or silent")
            .ByName()
            .Takes<ActOnJobsRequest>()
            .Gives<RunActAnswer>(202, "Begun, by this run")
            .Fails(409, 413),
        new Operation("ListActs", "Who did what, when and why, the latest first")
            .Query("act", "Of this operation")
            .Query("by", "By this name, or id")
            .Query("target", "Whose address contains this")
            .Paged()
            .Gives<ListAnswer<AuditedAct>>(),
        new Operation("VerifyActs", "Whether the log of acts is whole, by its chain of hashes").Gives<AuditVerdict>(),
        new Operation("ShowAccess", "Which roles the caller has").Gives<AccessAnswer>(),
    ];

    private static Operation Act(string function, string summary) =>
        new Operation(function, summary).ByName().Takes<RunActRequest>().Gives<RunActAnswer>(202, "Sent to the run").Fails(404, 409, 413);
}
