using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Stack.Load;
using Xunit;

namespace Serverless.Unit.Local.Stack.Load;

public sealed class OpenLoopTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<int, LoadSample> _samples = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A service that stalls for ten seconds is charged for those who came meanwhile: no omission by waiting for it.</summary>
    [Fact]
    public async Task Latency_CountsFromWhenARequestWasDue_WhateverBecomesOfEarlierOnes()
    {
        TaskCompletionSource<(int, string)> stalled = new();
        OpenLoop loop = Loop(_ => stalled.Task);

        Task<DateTimeOffset> running = loop.RunAsync(Seconds(1, 2, 3), Ct);
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        stalled.SetResult((200, ""));
        await running;

        Assert.Equal([9, 8, 7], Ordered().Select(sample => (int)sample.Latency.TotalSeconds));
        Assert.All(Ordered(), sample => Assert.Equal(sample.Due, sample.Left));
    }

    [Fact]
    public async Task ARequestThatLeavesLate_IsStillCountedFromWhenItWasDue()
    {
        OpenLoop loop = Loop(number =>
        {
            _time.Advance(TimeSpan.FromSeconds(number == 0 ? 5 : 0)); // the generator is held up while it sends
            return Task.FromResult((200, ""));
        });

        await loop.RunAsync(Seconds(0, 1), Ct);

        LoadSample late = _samples[1];
        Assert.Equal((1, 5, 4), ((int)late.Due.TotalSeconds, (int)late.Left.TotalSeconds, (int)late.Latency.TotalSeconds));
    }

    [Fact]
    public async Task MoreThanMayBeUnderway_AreNotSent_AndCountAsNotAnswered()
    {
        TaskCompletionSource<(int, string)> stalled = new();
        OpenLoop loop = Loop(_ => stalled.Task, mostUnderway: 2);

        Task<DateTimeOffset> running = loop.RunAsync(Seconds(0, 0, 0, 0), Ct);
        stalled.SetResult((200, ""));
        await running;

        Assert.Equal([200, 200, 0, 0], Ordered().Select(sample => sample.Status));
        Assert.Equal("Not sent: 2 are under way.", _samples[3].Answer);
    }

    [Fact]
    public async Task RunAsync_Stopped_SendsNoMore_AndWaitsForWhatIsOut()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource<(int, string)> answer = new();
        OpenLoop loop = Loop(_ => answer.Task);

        Task<DateTimeOffset> running = loop.RunAsync(Seconds(0, 60), stop.Token);
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        answer.SetResult((200, ""));
        await running;

        Assert.Single(_samples);
    }

    private OpenLoop Loop(Func<int, Task<(int Status, string Answer)>> send, int mostUnderway = 100) =>
        new(send, TimeSpan.Zero, mostUnderway, (number, sample) => _samples[number] = sample, _time);

    private IEnumerable<LoadSample> Ordered() => _samples.OrderBy(sample => sample.Key).Select(sample => sample.Value);

    private static IEnumerable<TimeSpan> Seconds(params int[] seconds) => seconds.Select(second => TimeSpan.FromSeconds(second));
}
