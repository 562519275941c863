using Microsoft.Extensions.Time.Testing;
using Serverless.Ingest.Ledgers;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class PacedLookTests
{
    private readonly FakeTimeProvider _time = new();
    private int _looks;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 4.9, 1)]
    [InlineData(1, 5, 2)]
    [InlineData(60, 29, 1)]
    [InlineData(60, 30, 2)] // never rests longer, however long a look takes
    public async Task Take_WithinFiveTimesTheCost_SharesTheLook(double costSeconds, double laterSeconds, int looks)
    {
        PacedLook<int> paced = Paced(TimeSpan.FromSeconds(costSeconds));
        await paced.TakeAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(laterSeconds));

        int value = await paced.TakeAsync(Token);

        Assert.Equal((looks, looks), (value, _looks));
    }

    [Fact]
    public async Task Take_AfterALookThatFailed_LooksAgain()
    {
        PacedLook<int> paced = new(_ => ++_looks == 1 ? throw new IOException("away") : Task.FromResult(_looks), _time);

        await Assert.ThrowsAsync<IOException>(() => paced.TakeAsync(Token));

        Assert.Equal(2, await paced.TakeAsync(Token));
    }

    [Fact]
    public async Task Take_WithPatience_AnswersWithWhatWasSeenLast_WhileTheLookGoesOn()
    {
        TaskCompletionSource<int> second = new();
        PacedLook<int> paced = new(_ => ++_looks == 1 ? Task.FromResult(1) : second.Task, _time, TimeSpan.FromSeconds(0.5));
        await paced.TakeAsync(Token);

        Task<int> waiting = paced.TakeAsync(Token);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        int meanwhile = await waiting;
        Task<int> joined = paced.TakeAsync(Token);
        second.SetResult(2);

        Assert.Equal((1, 2, 2), (meanwhile, await joined, _looks));
    }

    [Fact]
    public async Task Take_BeforeAnythingWasSeen_AnswersWithWhatIsThereFirst()
    {
        TaskCompletionSource<int> slow = new();
        PacedLook<int> paced = new(_ => slow.Task, _time, TimeSpan.FromSeconds(0.5), _ => Task.FromResult(7));

        int first = await paced.TakeAsync(Token);
        slow.SetResult(8);
        int next = first;
        while (next == first)
        {
            next = await paced.TakeAsync(Token);
        }

        Assert.Equal((7, 8), (first, next));
    }

    [Fact]
    public async Task Take_ByOneWhoStopsWaiting_DoesNotEndTheLookOfOthers()
    {
        TaskCompletionSource<int> look = new();
        PacedLook<int> paced = new(_ => look.Task, _time);
        using CancellationTokenSource impatient = new();
        Task<int> first = paced.TakeAsync(impatient.Token);
        Task<int> other = paced.TakeAsync(Token);

        await impatient.CancelAsync();
        look.SetResult(1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, await other);
    }

    private PacedLook<int> Paced(TimeSpan cost) =>
        new(
            _ =>
            {
                _time.Advance(cost);
                return Task.FromResult(++_looks);
            },
            _time
        );
}
