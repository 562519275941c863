using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Captures;

/// <summary>Puts finished drafts into the store, again and again while it is away. Used by the writer's one loop.</summary>
internal sealed class CaptureFiles(IObjectStore store, CaptureOptions options, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // Tells the objects of this process from those of all others.
    private readonly string _writer = Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[20..];
    private long _sequence;

    /// <summary>False when the draft was given up: after <see cref="CaptureOptions.GiveUpAfter"/>, or by the token.</summary>
    public async Task<bool> WriteAsync(string model, int version, CaptureDraft draft, CancellationToken giveUp)
    {
        ReadOnlyMemory<byte> content = draft.Finish();
        if (draft.LinesByKind.Sum() == 0)
        {
            return true;
        }
        string path = CapturePath.Make(model, version, draft.First, draft.Last, _writer, ++_sequence).Path;
        DateTimeOffset latest = time.GetUtcNow() + options.GiveUpAfter;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(path, content, giveUp);
                return true;
            }
            catch (ObjectConflictException) when (attempt > 1)
            {
                return true; // an earlier try of ours whose answer was lost: nobody else makes this name
            }
            catch (Exception e)
            {
                if (attempt == 1)
                {
                    log.WriteFailed(path, e.Message);
                }
                bool hopeless = e is ObjectPathException || giveUp.IsCancellationRequested || time.GetUtcNow() >= latest;
                if (hopeless || !await PauseAsync(attempt, giveUp))
                {
                    log.GivenUp(path, draft.LinesByKind.Sum(), attempt);
                    return false;
                }
            }
        }
    }

    private async Task TryAsync(string path, ReadOnlyMemory<byte> content, CancellationToken giveUp)
    {
        using CancellationTokenSource limit = new(options.WriteTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, giveUp);
        using MemoryStream body = new(content.ToArray(), writable: false);
        await store.WriteAsync(path, body, WriteCondition.IfAbsent, CaptureDraft.ContentType, either.Token).WaitAsync(either.Token);
    }

    private async Task<bool> PauseAsync(int attempt, CancellationToken giveUp)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 250 * Math.Pow(2, Math.Min(attempt, 10))));
        await Task.Delay(pause, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !giveUp.IsCancellationRequested;
    }
}
