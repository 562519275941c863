using DurableTask.Core;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>The provider looks for work that is due, whatever becomes of its timer and of the commit that looks.</summary>
public class LookTests
{
    [Fact]
    public async Task ClockThatMovesWhileTheTimerIsSet_LeavesNothingWaiting()
    {
        MovedClock clock = new();
        await using OrchestrationHost host = await Sleeper(new OrchestrationHost { Time = clock }).StartAsync();
        await host.BeginAsync("Sleep", id: "sleeper");
        await host.QuietAsync();

        clock.MovesBy = TimeSpan.FromHours(2);
        await host.RaiseAsync("nobody", "nothing", "x");

        Assert.Equal("woke", (await host.FinishAsync("sleeper")).Output);
    }

    [Fact]
    public async Task LookThatFails_IsMadeAgain_AfterThePollInterval()
    {
        await using OrchestrationHost host = await Sleeper(new OrchestrationHost()).StartAsync();
        await host.BeginAsync("Sleep", id: "sleeper");
        await host.QuietAsync();
        using SqlSession session = new(host.Options.FilePath);
        session.ExecuteScript("CREATE TRIGGER refused BEFORE UPDATE ON instances BEGIN SELECT RAISE(ABORT, 'as on a full disk'); END");

        host.Time.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<SqliteStoreException>(() => host.Service.Store.WriteAsync(_ => 0));
        session.ExecuteScript("DROP TRIGGER refused");
        Task<OrchestrationState> done = host.FinishAsync("sleeper");
        while (!done.IsCompleted)
        {
            host.Time.Advance(host.Options.PollInterval);
            await Task.Yield();
        }

        Assert.Equal("woke", (await done).Output);
    }

    private static OrchestrationHost Sleeper(OrchestrationHost host) =>
        host.Orchestrator("Sleep", (context, _) => context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), "woke"));

    /// <summary>A clock that moves on once, at the moment at which a timer was stopped and is not yet set again.</summary>
    private sealed class MovedClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public TimeSpan MovesBy { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new MovedTimer(this, base.CreateTimer(callback, state, dueTime, period));

        private sealed class MovedTimer(MovedClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                TimeSpan move = clock.MovesBy;
                if (move > TimeSpan.Zero)
                {
                    clock.MovesBy = TimeSpan.Zero;
                    timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    clock.Advance(move);
                }

                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
