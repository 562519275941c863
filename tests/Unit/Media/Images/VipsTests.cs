using Microsoft.Extensions.Time.Testing;
using NetVips;
using Serverless.Media.Images;
using Xunit;

namespace Serverless.Unit.Media.Images;

/// <summary>Alone in the process: how others run beside the work is what is tried.</summary>
[Collection(nameof(Alone))]
public sealed class VipsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Work_ThatFailsAlone_IsRunOnce()
    {
        int runs = 0;

        VipsException failed = Assert.Throws<VipsException>(() => Vips.Run<int>(() => throw Failure(ref runs)));

        Assert.StartsWith("broken", failed.Message, StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Work_ThatFailsBesideOthers_IsRunAgain()
    {
        int runs = 0;
        using ManualResetEventSlim end = new();
        Task other = await BeginAsync(end);

        VipsException failed = Assert.Throws<VipsException>(() =>
            Vips.Run<int>(() =>
            {
                end.Set();
                throw Failure(ref runs);
            })
        );
        await other;

        Assert.StartsWith("broken", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2, runs);
    }

    /// <summary>A picture may be made so that it takes a minute and fails at its end: others would stand still for as long again.</summary>
    [Fact]
    public async Task Work_ThatFailsAfterLong_IsNotRunAgain()
    {
        int runs = 0;
        FakeTimeProvider time = new();
        using ManualResetEventSlim end = new();
        Task other = await BeginAsync(end);

        VipsException failed = Assert.Throws<VipsException>(() =>
            Vips.Run<int>(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(2));
                    throw Failure(ref runs);
                },
                time
            )
        );
        end.Set();
        await other;

        Assert.StartsWith(Vips.UnknownReason, failed.Message, StringComparison.Ordinal);
        Assert.Equal(1, runs);
    }

    /// <summary>Each that fails would else wait for it, and all others for each of them.</summary>
    [Fact]
    public async Task Work_ThatDoesNotEnd_KeepsOthersNeitherFromFailingNorFromRunning()
    {
        int runs = 0;
        using ManualResetEventSlim end = new();
        Task endless = await BeginAsync(end);

        VipsException[] failed =
        [
            .. Enumerable.Range(0, 50).Select(_ => Assert.Throws<VipsException>(() => Vips.Run<int>(() => throw Failure(ref runs)))),
        ];
        int whole = await Task.Run(() => Vips.Run(() => 1), Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        bool isRunning = !endless.IsCompleted;
        end.Set();
        await endless;

        Assert.All(failed, one => Assert.StartsWith(Vips.UnknownReason, one.Message, StringComparison.Ordinal));
        Assert.Equal((1, true), (whole, isRunning));
    }

    private static VipsException Failure(ref int runs)
    {
        runs++;
        return new VipsException("broken");
    }

    /// <summary>Work of another that runs until it is told to end.</summary>
    private static async Task<Task> BeginAsync(ManualResetEventSlim end)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = Task.Factory.StartNew(
            () =>
                Vips.Run(() =>
                {
                    begun.SetResult();
                    return end.Wait(TimeSpan.FromSeconds(60));
                }),
            TaskCreationOptions.LongRunning
        );
        await begun.Task.WaitAsync(Token);
        return running;
    }
}
