using Microsoft.DurableTask.Client;
using Serverless.Audit;

namespace Serverless.Orchestrations.Operations.Watch;

/// <summary>
/// Wakes a run whose turn was lost: an event that nobody awaits has the engine take a turn, in which nothing else changes. Once for each
/// run; one that stands all the same needs a person.
/// </summary>
public sealed class RunNudge(AuditLog audit, TimeProvider time)
{
    public const string EventName = "serverless.watch";
    public const string By = "watch";

    private const int Done = 202;

    private readonly Dictionary<string, DateTimeOffset> _woken = [];

    /// <returns>When it was woken.</returns>
    public async Task<DateTimeOffset> RunAsync(DurableTaskClient client, string run, string why, CancellationToken cancellationToken)
    {
        if (_woken.TryGetValue(run, out DateTimeOffset before))
        {
            return before;
        }
        long begun = await audit.BeginAsync("WakeRun", $"/api/runs/{Uri.EscapeDataString(run)}", By, By, why, cancellationToken);
        await client.RaiseEventAsync(run, EventName, eventPayload: null, cancellationToken);
        await audit.EndAsync(begun, Done, cancellationToken);
        return _woken[run] = time.GetUtcNow();
    }

    public void Forget(string run) => _woken.Remove(run);
}
