using Microsoft.DurableTask;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Reanalysis;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Reanalysis;
using Xunit;

namespace Serverless.Unit.Orchestrations.Reanalysis;

public sealed class ReviseAssetTests
{
    private static readonly AssetSource Source = new("azure", "media", "a.txt", "1");
    private static readonly AnalysisRequest Request = new(
        Source,
        MediaKind.Text,
        "text/plain",
        5,
        Attempt: 1,
        DateTimeOffset.UnixEpoch,
        Revision: 2
    );
    private static readonly AnalysisOutcome Waiting = new(
        AnalysisStatus.Waiting,
        new Failure(FailureKind.Internal, "It waits.", Retryable: true)
    );
    private static readonly TaskFailedException Fault = new(
        nameof(AnalyseRevision),
        1,
        new TaskFailureDetails("System.IO.IOException", "the disk is full", null, null, null)
    );

    private readonly Mock<TaskOrchestrationContext> _context = new();

    public ReviseAssetTests()
    {
        _context
            .Setup(context => context.CallActivityAsync<RevisionBegun>(nameof(BeginRevision), It.IsAny<object>(), It.IsAny<TaskOptions>()))
            .ReturnsAsync(new RevisionBegun(Request));
        _context.Setup(context => context.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _context.Setup(context => context.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Run_WhileAnotherIsAnalysedAlone_UsesUpNoTry()
    {
        Queue<AnalysisOutcome> answers = new([.. Enumerable.Repeat(Waiting, 10), new AnalysisOutcome(AnalysisStatus.Analysed)]);
        Analyse().ReturnsAsync(answers.Dequeue);

        Assert.Equal(AnalysisStatus.Analysed, await RunAsync());
        _context.Verify(context => context.CallActivityAsync(nameof(SettleRevision), Request, It.IsAny<TaskOptions>()), Times.Once);
    }

    [Fact]
    public async Task Run_ThatWaitsForTooLong_IsGivenUp()
    {
        Analyse().ReturnsAsync(Waiting);

        Assert.Equal(AnalysisStatus.Refused, await RunAsync());
    }

    [Fact]
    public async Task Run_AFaultThatDoesNotHeal_IsGivenUpAfterThreeTries()
    {
        Analyse().ThrowsAsync(Fault);

        Assert.Equal(AnalysisStatus.Refused, await RunAsync());
        _context.Verify(context => context.SetCustomStatus(new RevisionStatus("ended", null, "refused", "the disk is full")), Times.Once);
        _context.Verify(
            context => context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyseRevision), Request, It.IsAny<TaskOptions>()),
            Times.Exactly(3)
        );
    }

    [Fact]
    public async Task Run_WhatIsAJob_GoesToTheWorker()
    {
        Analyse().ReturnsAsync(new AnalysisOutcome(AnalysisStatus.TooLong));
        _context
            .Setup(context =>
                context.WaitForExternalEvent<GpuCompletionMessage>(GpuCompletionMessage.EventName, It.IsAny<CancellationToken>())
            )
            .ReturnsAsync(new GpuCompletionMessage("run", "run", Failure: null));

        Assert.Equal(AnalysisStatus.Analysed, await RunAsync());
        _context.Verify(
            context => context.CallActivityAsync<GpuJobMessage>(nameof(EnqueueGpuJob), It.IsAny<object>(), It.IsAny<TaskOptions>()),
            Times.Once
        );
    }

    private Moq.Language.Flow.ISetup<TaskOrchestrationContext, Task<AnalysisOutcome>> Analyse() =>
        _context.Setup(context =>
            context.CallActivityAsync<AnalysisOutcome>(nameof(AnalyseRevision), It.IsAny<object>(), It.IsAny<TaskOptions>())
        );

    private Task<AnalysisStatus> RunAsync() =>
        ReviseAsset.RunAsync(_context.Object, new RevisionInput(Source, new ReanalysisRequest("model", 2)));
}
