using Microsoft.DurableTask;
using Moq;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Reanalysis;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Reanalysis;
using Xunit;

namespace Serverless.Unit.Orchestrations.Reanalysis;

public sealed class ReanalyseTests
{
    private static readonly ReanalysisRequest Request = new("text-embedding", 2, RatePerMinute: 60);

    private readonly Mock<TaskOrchestrationContext> _context = new();
    private readonly TaskCompletionSource<RunCancel> _cancel = new();
    private readonly List<DateTime> _timers = [];
    private DateTime _now = DateTime.UnixEpoch;
    private ReanalysisInput? _next;

    public ReanalyseTests()
    {
        _context.Setup(context => context.CurrentUtcDateTime).Returns(() => _now);
        _context
            .Setup(context => context.WaitForExternalEvent<RunCancel>(RunCancel.EventName, It.IsAny<CancellationToken>()))
            .Returns(_cancel.Task);
        _context
            .Setup(context => context.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Callback(
                (DateTime due, CancellationToken _) =>
                {
                    _timers.Add(due);
                    _now = due;
                }
            )
            .Returns(Task.CompletedTask);
        _context.Setup(context => context.CreateTimer(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _context
            .Setup(context => context.ContinueAsNew(It.IsAny<object>(), true))
            .Callback((object? next, bool _) => _next = (ReanalysisInput)next!);
    }

    [Fact]
    public async Task Run_APage_RevisesItsAssetsAtTheRate_AndCountsWhatBecameOfThem()
    {
        Select(new ReanalysisPage(Assets(6), Scanned: 9, Total: 9, Next: null));
        Queue<AnalysisStatus> ends = new([
            AnalysisStatus.Analysed,
            AnalysisStatus.Settled,
            AnalysisStatus.Refused,
            AnalysisStatus.Analysed,
            AnalysisStatus.Gone,
            AnalysisStatus.Analysed,
        ]);
        Revise().ReturnsAsync(ends.Dequeue);

        ReanalysisStatus status = await RunAsync();

        Assert.Equal(new ReanalysisStatus("completed", new ReanalysisCounts(9, 9, 3, 1)), status);
        // One a second: four at once take four seconds, the two that are left take two.
        Assert.Equal([4, 6], _timers.Select(due => (due - DateTime.UnixEpoch).TotalSeconds));
        Assert.Null(_next);
    }

    [Fact]
    public async Task Run_WithMoreToCome_GoesOnAfterTheLastAssetWithItsCounts()
    {
        Select(new ReanalysisPage(Assets(1), Scanned: 1_000, Total: 2_000, Next: "mmm"));
        Revise().ReturnsAsync(AnalysisStatus.Analysed);

        await RunAsync();

        Assert.Equal(new ReanalysisInput(Request, "mmm", new ReanalysisCounts(2_000, 1_000, 1, 0)), _next);
    }

    [Fact]
    public async Task Run_WhileUploadsWait_LooksAgainWhereItWas()
    {
        Select(new ReanalysisPage([], 0, 0, "aaa", IsBusy: true));

        await RunAsync(new ReanalysisInput(Request, "aaa", new ReanalysisCounts(5, 3, 2, 0)));

        Assert.Equal(new ReanalysisInput(Request, "aaa", new ReanalysisCounts(5, 3, 2, 0)), _next);
        _context.Verify(context => context.CreateTimer(Reanalyse.BusyPause, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Run_OnceAnotherVersionServes_Stops()
    {
        Select(new ReanalysisPage([], 0, 0, null, Stopped: "version 1 serves"));

        Assert.Equal(new ReanalysisStatus("stopped", new ReanalysisCounts(), "version 1 serves"), await RunAsync());
    }

    [Fact]
    public async Task Run_ThatIsCancelled_EndsBetweenTwoAssets()
    {
        Select(new ReanalysisPage(Assets(12), Scanned: 12, Total: 12, Next: "mmm"));
        int revised = 0;
        Revise()
            .Returns(() =>
            {
                if (++revised == Reanalyse.AtOnce)
                {
                    _cancel.SetResult(new RunCancel("ops", "too dear"));
                }
                return Task.FromResult(AnalysisStatus.Analysed);
            });

        ReanalysisStatus status = await RunAsync();

        Assert.Equal(new ReanalysisStatus("cancelled", new ReanalysisCounts(12, 12, 4, 0), "by ops: too dear"), status);
        Assert.Null(_next);
    }

    [Fact]
    public async Task Run_WithAnAssetWhoseRunFails_GoesOn()
    {
        Select(new ReanalysisPage(Assets(2), Scanned: 2, Total: 2, Next: null));
        Queue<Func<AnalysisStatus>> ends = new([
            () => throw new TaskFailedException(nameof(ReviseAsset), 1, new TaskFailureDetails("x", "y", null, null, null)),
            () => AnalysisStatus.Analysed,
        ]);
        Revise().Returns(() => Task.Run(() => ends.Dequeue()()));

        Assert.Equal(new ReanalysisCounts(2, 2, 1, 1), (await RunAsync()).Counts);
    }

    private void Select(ReanalysisPage page) =>
        _context
            .Setup(context =>
                context.CallActivityAsync<ReanalysisPage>(nameof(SelectForReanalysis), It.IsAny<object>(), It.IsAny<TaskOptions>())
            )
            .ReturnsAsync(page);

    private Moq.Language.Flow.ISetup<TaskOrchestrationContext, Task<AnalysisStatus>> Revise() =>
        _context.Setup(context =>
            context.CallSubOrchestratorAsync<AnalysisStatus>(nameof(ReviseAsset), It.IsAny<object>(), It.IsAny<TaskOptions>())
        );

    private Task<ReanalysisStatus> RunAsync(ReanalysisInput? input = null) =>
        Reanalyse.RunAsync(_context.Object, input ?? new ReanalysisInput(Request));

    private static AssetSource[] Assets(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new AssetSource("azure", "media", $"{i}.txt", "1"))];
}
