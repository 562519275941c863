namespace Serverless.Runs;

/// <summary>Work that is no orchestration.</summary>
/// <param name="Id">Of what is done; the same when it is done again.</param>
/// <param name="About">An asset, "s3:bucket/media/a.jpg", or what else <paramref name="Tag"/> names.</param>
/// <param name="Attempt">Which time it is done, from 1.</param>
/// <param name="Parent">The id of the run that waits for it.</param>
/// <param name="Tag">What kind of thing it is about, one of <see cref="RunTag"/>.</param>
public sealed record RecordedWork(
    RunKind Kind,
    string Name,
    string Id,
    string About,
    int Attempt,
    string? Parent = null,
    string Tag = RunTag.Asset
);

/// <summary>Records work that is no orchestration, when it begins and when it ends. Thread-safe.</summary>
public sealed class WorkRecorder(RunRecorder recorder, TimeProvider time)
{
    /// <summary>
    /// Does the work. Its beginning is recorded beside it, its end before this returns, so that a process which is frozen then has told it.
    /// What fails is recorded as failed, until it is done again.
    /// </summary>
    /// <param name="outcomeOf">In the words of the pipeline.</param>
    /// <param name="spentOf">Null where no model was asked.</param>
    public async Task<T> RecordAsync<T>(RecordedWork work, Func<Task<T>> doAsync, Func<T, string> outcomeOf, Func<T, RunSpent?> spentOf)
    {
        DateTimeOffset begun = time.GetUtcNow();
        RunEntry entry = new()
        {
            Id = $"{work.Kind.ToString().ToLowerInvariant()}:{work.Id}",
            Kind = work.Kind,
            Name = work.Name,
            Status = RunStatus.Running,
            Created = begun,
            Updated = begun,
            Stage = work.Attempt > 1 ? $"attempt {work.Attempt}" : null,
            Parent = work.Parent,
            Tags = [RunTag.Of(work.Tag, work.About)],
            Input = RunText.Excerpt(work.About),
        };
        recorder.TryRecord(entry);
        try
        {
            T result = await doAsync();
            await EndAsync(entry with { Status = RunStatus.Completed, Outcome = outcomeOf(result), Spent = spentOf(result) });
            return result;
        }
        catch (Exception e)
        {
            await EndAsync(entry with { Status = RunStatus.Failed, Failure = RunText.Excerpt(e.Message) });
            throw;
        }
    }

    /// <summary>Also where the work was told to stop. Of two entries of one moment the end must be the later.</summary>
    private Task EndAsync(RunEntry entry)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset updated = now > entry.Updated ? now : entry.Updated.AddTicks(1);
        return recorder.RecordAsync(entry with { Updated = updated, Ended = now }, CancellationToken.None);
    }
}
