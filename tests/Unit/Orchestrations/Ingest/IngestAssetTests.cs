using Microsoft.DurableTask;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

public sealed class IngestAssetTests
{
    private static readonly AssetSource Source = new("azure", "media", "a.txt", "1");
    private static readonly AnalysisRequest Request = new(Source, MediaKind.Text, "text/plain", 5, Attempt: 1, DateTimeOffset.UnixEpoch);
    private static readonly Failure Bad = new(FailureKind.Malformed, "bad", Retryable: false);
    private static readonly TaskFailedException Fault = new(
        nameof(AnalyseAsset),
        1,
        new TaskFailureDetails("System.IO.IOException", "the disk is full", null, null, null)
    );

    private readonly Mock<TaskOrchestrationContext> _context = new();
    private SettleInput? _settled;

    public IngestAssetTests()
    {
        _context.Setup(context => context.InstanceId).Returns(Source.InstanceId());
        _context
            .Setup(context => context.CallActivityAsync<string>(nameof(SettleAsset), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .Callback((TaskName _, object? input, TaskOptions? _) => _settled = (SettleInput)input!)
            .ReturnsAsync("Processed");
        _context.Setup(context => context.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _context.Setup(context => context.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Run_AShortText_IsAnalysedHereAndSettled()
    {
        Admit(AdmissionVerdict.AtOnce);
        Analyse().ReturnsAsync(new AnalysisOutcome(AnalysisStatus.Analysed));

        IngestResult result = await RunAsync();

        Assert.Equal(new IngestResult("Processed", 1, null), result);
        Assert.Equal(AnalysisStatus.Analysed, _settled!.Outcome.Status);
    }

    [Theory]
    [InlineData(AdmissionVerdict.Settled)]
    [InlineData(AdmissionVerdict.Superseded)]
    [InlineData(AdmissionVerdict.Gone)]
    public async Task Run_WhatNeedsNothing_EndsAtOnce(AdmissionVerdict verdict)
    {
        Admit(verdict);

        IngestResult result = await RunAsync();

        Assert.Equal(verdict.ToString(), result.State);
        Assert.Null(_settled);
    }

    [Fact]
    public async Task Run_WhatIsRefused_IsSettledWithTheFailure()
    {
        Admit(AdmissionVerdict.Refused);

        await RunAsync();

        Assert.Equal(new AnalysisOutcome(AnalysisStatus.Refused, Bad), _settled!.Outcome);
    }

    [Fact]
    public async Task Run_AFaultThatHeals_IsTriedAgainAndCounted()
    {
        Admit(AdmissionVerdict.AtOnce);
        Queue<Func<AnalysisOutcome>> answers = new([
            () => throw Fault,
            () => throw Fault,
            () => new AnalysisOutcome(AnalysisStatus.Analysed),
        ]);
        Analyse().Returns(() => Answer(answers.Dequeue()));

        await RunAsync();

        Assert.Equal((AnalysisStatus.Analysed, 3), (_settled!.Outcome.Status, _settled.Attempts));
    }

    [Fact]
    public async Task Run_AFaultThatDoesNotHeal_EndsInQuarantineWithItsMessage()
    {
        Admit(AdmissionVerdict.AtOnce);
        Analyse().ThrowsAsync(Fault);

        await RunAsync();

        Assert.Equal(
            new Failure(FailureKind.Exhausted, "It failed 5 times, at last because: the disk is full", Retryable: false),
            _settled!.Outcome.Failure
        );
        Assert.Equal(IngestAsset.MaxAttempts, _settled.Attempts);
    }

    [Fact]
    public async Task Run_ATextThatTurnsOutLong_GoesToTheWorker()
    {
        Admit(AdmissionVerdict.AtOnce);
        Analyse().ReturnsAsync(new AnalysisOutcome(AnalysisStatus.TooLong));
        AnswerJob(new GpuCompletionMessage(Source.InstanceId(), Source.InstanceId(), Failure: null));

        await RunAsync();

        Assert.Equal(AnalysisStatus.Analysed, _settled!.Outcome.Status);
        VerifySendings(1);
    }

    [Fact]
    public async Task Run_AJobThatTheWorkerRefuses_IsSettledWithItsFailure()
    {
        Admit(AdmissionVerdict.AsJob);
        AnswerJob(new GpuCompletionMessage(Source.InstanceId(), Source.InstanceId(), Bad, Attempt: 5));

        await RunAsync();

        Assert.Equal(Bad, _settled!.Outcome.Failure);
        Assert.Equal(5, _settled.Attempts);
    }

    [Fact]
    public async Task Run_AJobThatNobodyAnswers_IsSentAgainAndGivenUp()
    {
        Admit(AdmissionVerdict.AsJob);
        _context
            .Setup(context =>
                context.WaitForExternalEvent<GpuCompletionMessage>(GpuCompletionMessage.EventName, It.IsAny<CancellationToken>())
            )
            .Returns(Task.FromCanceled<GpuCompletionMessage>(new CancellationToken(canceled: true)));

        await RunAsync();

        Assert.Equal(FailureKind.Exhausted, _settled!.Outcome.Failure!.Kind);
        VerifySendings(IngestAsset.MaxSendings);
    }

    private void Admit(AdmissionVerdict verdict) =>
        _context
            .Setup(context => context.CallActivityAsync<Admission>(nameof(AdmitAsset), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .ReturnsAsync(new Admission(verdict, 1, Request, verdict == AdmissionVerdict.Refused ? Bad : null));

    private Moq.Language.Flow.ISetup<TaskOrchestrationContext, Task<AnalysisOutcome>> Analyse() =>
        _context.Setup(context =>
            context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyseAsset), It.IsAny<object>(), It.IsAny<TaskOptions>())
        );

    private void AnswerJob(GpuCompletionMessage answer) =>
        _context
            .Setup(context =>
                context.WaitForExternalEvent<GpuCompletionMessage>(GpuCompletionMessage.EventName, It.IsAny<CancellationToken>())
            )
            .ReturnsAsync(answer);

    private void VerifySendings(int expected) =>
        _context.Verify(
            context => context.CallActivityAsync<GpuJobMessage>(nameof(EnqueueGpuJob), It.IsAny<object>(), It.IsAny<TaskOptions>()),
            Times.Exactly(expected)
        );

    private Task<IngestResult> RunAsync() => IngestAsset.RunAsync(_context.Object, new IngestInput(Source, 1));

    private static async Task<AnalysisOutcome> Answer(Func<AnalysisOutcome> make)
    {
        await Task.CompletedTask;
        return make();
    }
}
