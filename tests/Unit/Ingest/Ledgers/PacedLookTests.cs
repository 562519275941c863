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
