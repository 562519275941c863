using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Serverless.Functions.Azure.Live;

/// <summary>Keeps streams of changes open, a bounded number of them, each for a bounded time. Thread-safe.</summary>
public sealed class LiveStreams(LiveOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Something is not as it was; which also comes first, so that nothing before it is missed.</summary>
    public const string Changed = "changed";

    /// <summary>Nothing has changed: it shows both ends, and what is between them, that the other is there.</summary>
    public const string Same = "same";

    private static readonly TimeSpan SilentAtMost = TimeSpan.FromSeconds(15);

    /// <summary>A page that found no place asks again after so long.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private int _open;

    /// <param name="lookAsync">What differs once something has changed.</param>
    public IResult Watch(Func<CancellationToken, Task<string>> lookAsync) => new Answer(this, lookAsync);

    /// <summary>Ends when it has lasted, when its reader goes, and when the process stops.</summary>
    internal async IAsyncEnumerable<SseItem<string>> ReadAsync(
        Func<CancellationToken, Task<string>> lookAsync,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long begun = time.GetTimestamp(),
            told = begun;
        string? seen = null;
        do
        {
            string now = await lookAsync(cancellationToken);
            if (now != seen || time.GetElapsedTime(told) >= SilentAtMost)
            {
                yield return new SseItem<string>("", now == seen ? Same : Changed);
                (seen, told) = (now, time.GetTimestamp());
            }
            await Task.Delay(options.Every, time, cancellationToken);
        } while (time.GetElapsedTime(begun) < options.Lasting);
    }

    private async Task SendAsync(HttpContext http, Func<CancellationToken, Task<string>> lookAsync)
    {
        if (Interlocked.Increment(ref _open) > options.MaxStreams)
        {
            Interlocked.Decrement(ref _open);
            http.Response.Headers.RetryAfter = Again.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            string detail = $"{options.MaxStreams} streams are open, which is as many as Live:MaxStreams allows.";
            await Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: detail).ExecuteAsync(http);
            return;
        }
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            await TypedResults.ServerSentEvents(ReadAsync(lookAsync, ended.Token)).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private sealed class Answer(LiveStreams streams, Func<CancellationToken, Task<string>> lookAsync) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => streams.SendAsync(httpContext, lookAsync);
    }
}
