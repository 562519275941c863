using Microsoft.DurableTask.Client;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Sources;

namespace Serverless.Functions.Azure.Sources;

/// <summary>Puts together what is told of a source: its document, its counts, and how its runs stand. Thread-safe.</summary>
public sealed class SourceAnswers(SourceCounting counting)
{
    internal async Task<SourceAnswer> AnswerAsync(MediaSource source, DurableTaskClient client, CancellationToken cancellationToken)
    {
        // One that was added just now is not counted yet.
        SourceCounts counts = (await counting.CountAsync(cancellationToken)).GetValueOrDefault((source.Store, source.Name))
            ?? new SourceCounts();
        SyncAnswer? sync = SourceScheduler.SyncIdOf(source) is { } id
            ? SyncAnswer.Of(id, await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken))
            : null;
        string erasure = SourceScheduler.ErasureIdOf(source);
        return SourceAnswer.Of(
            source,
            counts,
            sync,
            source is { State: SourceState.Removed, Erases: true }
                ? ErasureAnswer.Of(erasure, await client.GetInstanceAsync(erasure, getInputsAndOutputs: true, cancellationToken))
                : null
        );
    }
}
