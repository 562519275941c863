using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Live;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Live;

public sealed class LiveStreamsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task AStream_TellsChanges_ShowsThatItIsThere_AndEnds()
    {
        DateTimeOffset changes = _time.GetUtcNow().AddSeconds(40);
        LiveStreams streams = Open(new LiveOptions { Lasting = TimeSpan.FromMinutes(2) });

        List<string> told = await ReadAsync(streams, () => _time.GetUtcNow() < changes ? "a" : "b");

        Assert.Equal(LiveStreams.Changed, told[0]);
        Assert.Equal(2, told.Count(one => one == LiveStreams.Changed));
        Assert.Contains(LiveStreams.Same, told[1..told.LastIndexOf(LiveStreams.Changed)]);
        Assert.Equal(LiveStreams.Same, told[^1]);
    }

    [Fact]
    public async Task WithoutAPlaceLeft_ItIsSaidWhenToAskAgain()
    {
        DefaultHttpContext http = new() { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };

        await Open(new LiveOptions { MaxStreams = 0 }).Watch(_ => Task.FromResult("")).ExecuteAsync(http);

        Assert.Equal((503, "30"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));
    }

    private async Task<List<string>> ReadAsync(LiveStreams streams, Func<string> look)
    {
        List<string> told = [];
        IAsyncEnumerable<SseItem<string>> stream = streams.ReadAsync(_ => Task.FromResult(look()), TestContext.Current.CancellationToken);
        await using IAsyncEnumerator<SseItem<string>> events = stream.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (true)
        {
            Task<bool> next = events.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
            if (!await next)
            {
                return told;
            }
            told.Add(events.Current.EventType);
        }
    }

    private LiveStreams Open(LiveOptions options) => new(options, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), _time);
}
