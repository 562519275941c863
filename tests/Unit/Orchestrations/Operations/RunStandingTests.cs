using DurableTask.Core.History;
using Serverless.Ingest;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class RunStandingTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<HistoryEvent> _history = [];

    [Fact]
    public void Activity_WithoutAResult_IsAtWork_SinceItWasAskedFor()
    {
        Scheduled(0, "AdmitAsset", minutesAgo: 50).Completed(0, minutesAgo: 49).Scheduled(1, "SettleAsset", minutesAgo: 40);

        RunStanding standing = Stand();

        Assert.Equal((StandingKind.Busy, Now.AddMinutes(-40), "activity SettleAsset"), (standing.Kind, standing.Since, standing.What));
    }

    [Fact]
    public void Activity_ThatFailed_IsAwaitedNoMore()
    {
        Scheduled(0, "AdmitAsset", minutesAgo: 50);
        Add(new TaskFailedEvent(-1, 0, "away", null), minutesAgo: 49);

        Assert.Equal(StandingKind.Halted, Stand().Kind);
    }

    [Fact]
    public void Run_ThatItStarted_IsAwaited()
    {
        Add(new SubOrchestrationInstanceCreatedEvent(3) { InstanceId = "child", Name = "CheckDrift" }, minutesAgo: 5);

        Assert.Equal((StandingKind.Waiting, "run child"), (Stand().Kind, Stand().What));
    }

    [Theory]
    [InlineData(5, false, StandingKind.Waiting)]
    [InlineData(-5, false, StandingKind.Halted)]
    [InlineData(-5, true, StandingKind.Halted)]
    public void Timer_IsWaitedForUntilItIsDue(int minutesAhead, bool hasFired, StandingKind expected)
    {
        Add(new TimerCreatedEvent(2) { FireAt = Now.AddMinutes(minutesAhead).UtcDateTime }, minutesAgo: 20);
        if (hasFired)
        {
            Add(new TimerFiredEvent(-1) { TimerId = 2 }, minutesAgo: 4);
        }

        Assert.Equal(expected, Stand().Kind);
    }

    [Theory, InlineData("CheckDrift", StandingKind.Halted), InlineData("ValidateModel", StandingKind.Waiting)]
    public void Run_WithNothingToCome_IsHalted_UnlessItAwaitsEvents(string orchestrator, StandingKind expected)
    {
        Scheduled(0, "A", minutesAgo: 9).Completed(0, minutesAgo: 8);

        RunStanding standing = Stand(orchestrator);

        Assert.Equal((expected, Now.AddMinutes(-8)), (standing.Kind, standing.Since));
    }

    /// <summary>Hosts keep no inputs of activities in the history unless they are told to.</summary>
    [Theory, InlineData(null), InlineData("{0}"), InlineData("[{0}]")]
    public void Job_WithoutAnAnswer_IsAwaited_AsItWasSent(string? input)
    {
        GpuJobMessage job = Job();
        Enqueued(job, input);

        RunStanding standing = Stand("IngestAsset");

        Assert.Equal((StandingKind.WaitingForJob, Now.AddMinutes(-8)), (standing.Kind, standing.Since));
        Assert.Equal(job.JobId, standing.Job!.JobId);
        Assert.Equal(job.Request.Source, standing.Job.Request.Source);
    }

    [Fact]
    public void Job_ThatWasAnswered_IsAwaitedNoMore()
    {
        Enqueued(Job(), input: null);
        Add(new EventRaisedEvent(-1, "{}") { Name = GpuCompletionMessage.EventName }, minutesAgo: 2);

        Assert.NotEqual(StandingKind.WaitingForJob, Stand("IngestAsset").Kind);
    }

    private static GpuJobMessage Job() =>
        new(
            "job-1",
            new AnalysisRequest(new AssetSource("azure", "media", "a.mp4", "v1"), MediaKind.Video, "video/mp4", 5, 1, Now),
            "job-1",
            Now
        );

    /// <param name="input">How a host keeps what the activity was asked; null where it does not, and what was answered says it.</param>
    private void Enqueued(GpuJobMessage job, string? input)
    {
        string json = StoredJson.Write(job).ToString();
        Add(new TaskScheduledEvent(4, nameof(EnqueueGpuJob), null, input?.Replace("{0}", json)), minutesAgo: 9);
        Add(new TaskCompletedEvent(-1, 4, input is null ? json : null), minutesAgo: 8);
        Add(new TimerCreatedEvent(5) { FireAt = Now.AddHours(6).UtcDateTime }, minutesAgo: 8);
    }

    private RunStandingTests Scheduled(int id, string name, int minutesAgo) =>
        Add(new TaskScheduledEvent(id, name, null, "{}"), minutesAgo);

    private RunStandingTests Completed(int id, int minutesAgo) => Add(new TaskCompletedEvent(-1, id, "{}"), minutesAgo);

    private RunStandingTests Add(HistoryEvent happened, int minutesAgo)
    {
        happened.Timestamp = Now.AddMinutes(-minutesAgo).UtcDateTime;
        _history.Add(happened);
        return this;
    }

    private RunStanding Stand(string orchestrator = "CheckDrift") => RunStanding.Of(_history, KnownOrchestrator.Find(orchestrator), Now);
}
