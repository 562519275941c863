using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Protobuf;
using Serverless.Functions.Azure.Runs;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Runs;

public sealed class RunEntriesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddMinutes(1);

    [Fact]
    public void AFirstTurn_TellsWhatTheRunIsAbout()
    {
        HistoryEvent started = Started("""{"Source":{"store":"azure","container":"media","key":"a/b.jpg","version":"1"},"run":1}""");
        started.ExecutionStarted.ParentInstance = new ParentInstanceInfo
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = "parent" },
        };
        started.ExecutionStarted.Tags.Add("team", "news");

        RunEntry entry = Entry(new OrchestratorRequest { NewEvents = { started } }, status: """{"stage":"admitting","attempt":0}""");

        Assert.Equivalent(
            new RunEntry
            {
                Id = "run-1",
                Name = "IngestAsset",
                Status = RunStatus.Running,
                Created = DateTimeOffset.UnixEpoch,
                Updated = Now,
                Stage = "admitting",
                Parent = "parent",
                Tags = ["asset:azure:media/a/b.jpg", "team:news"],
                Input = started.ExecutionStarted.Input,
                CustomStatus = """{"stage":"admitting","attempt":0}""",
                Calls = "",
            },
            entry,
            strict: true
        );
    }

    [Theory]
    [InlineData("""{"state":"Quarantined","attempts":3}""", OrchestrationStatus.Completed, RunStatus.Completed, "quarantined")]
    [InlineData("""{"Verdict":"rolled back"}""", OrchestrationStatus.Completed, RunStatus.Completed, "rolled back")]
    [InlineData("""{"verdict":"NotEnoughData"}""", OrchestrationStatus.Completed, RunStatus.Completed, "not enough data")]
    [InlineData("\"text\"", OrchestrationStatus.Failed, RunStatus.Failed, null)]
    [InlineData("no JSON", OrchestrationStatus.Terminated, RunStatus.Terminated, null)]
    [InlineData("""{"state":"x"}""", OrchestrationStatus.ContinuedAsNew, RunStatus.Running, null)]
    public void AnEnd_TellsWhatTheRunCameTo(string output, OrchestrationStatus end, RunStatus status, string? outcome)
    {
        RunEntry entry = Entry(new OrchestratorRequest { PastEvents = { Started("{}") } }, end: end, output: output);

        Assert.Equal((status, outcome, entry.HasEnded ? Now : null), (entry.Status, entry.Outcome, entry.Ended));
    }

    /// <summary>An output that other runs wait for says no more than they need.</summary>
    [Theory, InlineData(true, "refused"), InlineData(false, null)]
    public void AnEnd_WhoseOutputSaysNothing_TakesTheOutcomeOfTheStatus(bool hasEnded, string? outcome)
    {
        RunEntry entry = Entry(
            new OrchestratorRequest { PastEvents = { Started("{}") } },
            status: """{"Stage":"ended","Outcome":"refused"}""",
            end: hasEnded ? OrchestrationStatus.Completed : null,
            output: "2"
        );

        Assert.Equal(outcome, entry.Outcome);
    }

    [Fact]
    public void ARunThatIsSuspended_IsSo_UntilItIsResumed()
    {
        HistoryEvent suspended = new() { ExecutionSuspended = new ExecutionSuspendedEvent() };
        HistoryEvent resumed = new() { ExecutionResumed = new ExecutionResumedEvent() };

        OrchestratorRequest request = new() { PastEvents = { Started("{}") }, NewEvents = { suspended } };
        Assert.Equal(RunStatus.Suspended, Entry(request).Status);

        request.NewEvents.Add(resumed);
        Assert.Equal(RunStatus.Running, Entry(request).Status);
    }

    [Fact]
    public void ATurn_TellsWhatTheRunAskedFor_AndWhatOfThatFailed()
    {
        OrchestratorRequest request = new()
        {
            PastEvents =
            {
                Started("{}"),
                new HistoryEvent
                {
                    EventId = 0,
                    TaskScheduled = new TaskScheduledEvent { Name = "AdmitAsset" },
                },
                new HistoryEvent
                {
                    EventId = -1,
                    TaskFailed = new TaskFailedEvent { TaskScheduledId = 0 },
                },
                new HistoryEvent
                {
                    EventId = 2,
                    TaskScheduled = new TaskScheduledEvent { Name = "admitasset" },
                },
            },
            NewEvents =
            {
                new HistoryEvent
                {
                    EventId = -1,
                    TaskCompleted = new TaskCompletedEvent { TaskScheduledId = 2 },
                },
                new HistoryEvent
                {
                    EventId = 3,
                    SubOrchestrationInstanceCreated = new() { Name = "WatchVersion" },
                },
                new HistoryEvent
                {
                    EventId = -1,
                    SubOrchestrationInstanceFailed = new() { TaskScheduledId = 3 },
                },
            },
        };

        Assert.Equal("AdmitAsset 2 1;WatchVersion 1 1", Entry(request).Calls);
    }

    [Theory]
    [InlineData("""{"model":"entities","version":2,"from":"qa","to":"prod"}""", "model:entities/2 environment:prod")]
    [InlineData("""{"target":{"model":"m","version":1,"environment":"qa"},"to":"x"}""", "model:m/1 environment:qa")]
    [InlineData("""{"request":{"subject":{"model":"m","version":1}}}""", "model:m/1")]
    [InlineData("[1]", null)]
    [InlineData("{", null)]
    public void AnInput_SaysWhichModelARunIsAbout(string input, string? tags)
    {
        RunEntry entry = Entry(new OrchestratorRequest { NewEvents = { Started(input) } });

        Assert.Equal(tags, entry.Tags is null ? null : string.Join(' ', entry.Tags));
    }

    [Fact]
    public void ANameInAnotherCase_IsWrittenAsTheCodeSpellsIt()
    {
        OrchestrationMetadata stored = new("ingestasset", "run-1") { RuntimeStatus = OrchestrationRuntimeStatus.Running };

        Assert.Equal("IngestAsset", RunEntries.Of(stored, known: null, Now).Name);
    }

    [Fact]
    public void WhatTheRunStoreDoesNotTell_StaysAsItWasKnown()
    {
        OrchestrationMetadata stored = new("Some", "run-1")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Terminated,
            CreatedAt = DateTimeOffset.UnixEpoch,
            LastUpdatedAt = DateTimeOffset.UnixEpoch.AddSeconds(30),
            SerializedInput = new string('x', 1_000),
        };
        RunEntry known = Entry(new OrchestratorRequest { NewEvents = { Started("{}") } }) with { Parent = "parent" };

        RunEntry entry = RunEntries.Of(stored, known, Now);

        Assert.Equal((RunStatus.Terminated, "parent", stored.LastUpdatedAt), (entry.Status, entry.Parent, entry.Ended));
        Assert.Equal(RunText.MaxCharacters, entry.Input!.Length);
    }

    [Theory]
    [InlineData("{\"stage\":\"Processed\",\"spent\":{\"processorSeconds\":1.5,\"gpuSeconds\":0.25,\"mediaSeconds\":60}}", 1.5, 0.25)]
    [InlineData("{\"stage\":\"Processed\",\"attempt\":1}", null, null)]
    [InlineData("{\"spent\":{\"processorSeconds\":\"much\"}}", null, null)]
    public void ACustomStatus_SaysWhatModelsTook(string status, double? processor, double? gpu)
    {
        RunEntry entry = Entry(new OrchestratorRequest { NewEvents = { Started("{}") } }, status: status);

        Assert.Equal((processor, gpu), (entry.Spent?.ProcessorSeconds, entry.Spent?.GpuSeconds));
    }

    private static HistoryEvent Started(string input) =>
        new()
        {
            Timestamp = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
            ExecutionStarted = new ExecutionStartedEvent { Name = "IngestAsset", Input = input },
        };

    private static RunEntry Entry(
        OrchestratorRequest request,
        OrchestrationStatus? end = null,
        string? output = null,
        string? status = null
    )
    {
        request.InstanceId = "run-1";
        OrchestratorResponse response = new() { CustomStatus = status };
        if (end is { } how)
        {
            CompleteOrchestrationAction complete = new() { OrchestrationStatus = how, Result = output };
            response.Actions.Add(new OrchestratorAction { CompleteOrchestration = complete });
        }
        OrchestrationTurn turn = OrchestrationTurn.Read(
            Convert.ToBase64String(request.ToByteArray()),
            Convert.ToBase64String(response.ToByteArray())
        )!;
        return RunEntries.Of("IngestAsset", turn, Now)!;
    }
}
