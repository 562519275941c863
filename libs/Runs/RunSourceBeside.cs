using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>
/// Reads a store that may be away, which keeps nobody waiting for more than some seconds: what it had before stays listed. One caller at a
/// time.
/// </summary>
internal sealed class RunSourceBeside(RunSource source, TimeProvider time, ILogger log)
{
    /// <summary>At first all there is is read. What is late is read the next time, when what was read of it is not read again.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>One that did not answer is asked again after so long.</summary>
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(30);

    private TimeSpan _patience = FirstPatience;
    private DateTimeOffset _awayUntil = DateTimeOffset.MinValue;

    /// <summary>Why runs may be missing, for people; null where it answered.</summary>
    public string? Fault { get; private set; }

    /// <param name="apply">Is told each entry at once: those of a file that was read are read no more.</param>
    public async Task ReadNewAsync(Action<RunEntry> apply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _awayUntil)
        {
            return;
        }
        using CancellationTokenSource late = new(_patience, time);
        _patience = Patience;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await foreach (RunEntry entry in source.ReadNewAsync(now, either.Token))
            {
                apply(entry);
            }
            Fault = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _awayUntil = now + AwayFor;
            Fault = $"{StoreFault.Describe(source.Store, e)}: what was recorded there since is missing.";
            log.SourceAway(source.Store, e.Message);
        }
    }
}
