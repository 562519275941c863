using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Words;

namespace Serverless.Ingest.Index;

/// <summary>
/// Lets searches see what was added, makes it outlive a crash, and holds it against the ledger, each at its pace. An index that cannot be
/// written is begun anew.
/// </summary>
internal sealed class WordUpkeep(IndexedWords words, WordOptions options, TimeProvider time, ILogger<WordUpkeep> log) : BackgroundService
{
    private string? _told;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(KeepAsync(stoppingToken), CatchUpAsync(stoppingToken));

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(options.RefreshEvery, time);
        long committed = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            bool commits = time.GetElapsedTime(committed) >= options.CommitEvery;
            try
            {
                Keep(commits);
                _told = null;
            }
            catch (Exception e)
            {
                Tell(e);
            }
            committed = commits ? time.GetTimestamp() : committed;
        }
    }

    private void Keep(bool commits)
    {
        try
        {
            if (words.Index.IsBroken)
            {
                words.Restart("it could not be written");
            }
            words.Index.Refresh();
            if (commits)
            {
                words.Index.Commit();
            }
        }
        catch (Exception e)
        {
            words.Restart(e.Message);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(options.RefreshEvery, time);
        long? last = null;
        do
        {
            if (last is { } before && words.IsCaughtUp && time.GetElapsedTime(before) < options.CatchUpEvery)
            {
                continue;
            }
            try
            {
                await words.CatchUpAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Tell(e);
            }
            last = time.GetTimestamp();
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>A fault that lasts is told once.</summary>
    private void Tell(Exception fault)
    {
        if (_told != fault.Message)
        {
            _told = fault.Message;
            log.WordsNotKept(fault.Message);
        }
    }
}
