using System.Collections.Concurrent;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Tells the index of runs what turns show: each first turn and each end before it is answered, so that no run is missing when the process
/// dies then; other changes without waiting, since the next turn or the next look at the run store tells them again. Thread-safe.
/// </summary>
internal sealed class TurnRecorder(RunRecorder recorder, TimeProvider time)
{
    // Remembers what was told of runs that go on, so that a turn which changes nothing costs nothing.
    private const int MaxRemembered = 20_000;

    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    public async Task TurnTakenAsync(string name, OrchestrationTurn turn, CancellationToken cancellationToken)
    {
        if (RunEntries.Of(name, turn, time.GetUtcNow()) is not { } entry)
        {
            return;
        }
        if (turn.IsFirst || entry.HasEnded)
        {
            Remember(entry);
            await recorder.RecordAsync(entry, cancellationToken);
        }
        else if (turn.HasChangedHands || !_told.TryGetValue(entry.Id, out string? told) || told != (entry.CustomStatus ?? ""))
        {
            Remember(entry);
            recorder.TryRecord(entry);
        }
    }

    private void Remember(RunEntry entry)
    {
        if (entry.HasEnded)
        {
            _told.TryRemove(entry.Id, out _);
            return;
        }
        if (_told.Count >= MaxRemembered)
        {
            _told.Clear();
        }
        _told[entry.Id] = entry.CustomStatus ?? "";
    }
}
