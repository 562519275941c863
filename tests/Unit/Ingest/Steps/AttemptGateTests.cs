using Serverless.Ingest.Steps;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

public sealed class AttemptGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoIsToBeAlone_WaitsForThoseInside_AndKeepsAllOthersOut()
    {
        AttemptGate gate = new();
        IDisposable first = gate.TryEnter()!;
        IDisposable second = gate.TryEnter()!;

        Task<IDisposable?> alone = gate.TryEnterAloneAsync(Token);
        Assert.Null(gate.TryEnter());
        Assert.Null(await gate.TryEnterAloneAsync(Token));
        first.Dispose();
        first.Dispose(); // counts once
        Assert.False(alone.IsCompleted);
        second.Dispose();
        IDisposable? pass = await alone;

        Assert.NotNull(pass);
        Assert.Null(gate.TryEnter());
        pass.Dispose();
        Assert.NotNull(gate.TryEnter());
    }

    [Fact]
    public async Task WhoGivesUpWaiting_LetsOthersIn()
    {
        AttemptGate gate = new();
        using IDisposable? inside = gate.TryEnter();
        using CancellationTokenSource stop = new();

        Task<IDisposable?> alone = gate.TryEnterAloneAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        Assert.NotNull(gate.TryEnter());
    }
}
