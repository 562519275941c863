namespace Serverless.Runs;

/// <summary>Tells the index of runs what the run store has forgotten, so that it counts no more. Thread-safe.</summary>
public sealed class PurgedRuns(RunIndex index, RunRecorder recorder, TimeProvider time)
{
    /// <summary>Does nothing for a run that the index does not know.</summary>
    public async Task NoteAsync(string id, CancellationToken cancellationToken)
    {
        if (await index.FindAsync(id, cancellationToken) is not { IsPurged: false } run)
        {
            return;
        }
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset updated = now > run.Updated ? now : run.Updated.AddTicks(1);
        await recorder.QueueAsync(run with { Updated = updated, IsPurged = true }, cancellationToken);
    }
}
