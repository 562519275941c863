using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Alerts.Rules;

/// <summary>The rules in the object store, changed by compare-and-swap on their revision. Thread-safe.</summary>
public sealed class AlertRulebook(IObjectStore store, TimeProvider time, ILogger<AlertRulebook> log)
{
    private const string Path = "alerts/rules.json";
    private const int MaxBytes = 1 << 20;

    /// <summary>So long another process may go by what stood before.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly StoredDocument<AlertRules> _document = new(store, Path, MaxBytes, time);
    private Known? _known; // replaced as a whole

    private sealed record Known(AlertRules Rules, long At);

    /// <summary>As they stood within the last minute; where they cannot be read, as they could be read last.</summary>
    public async Task<AlertRules> TakeAsync(CancellationToken cancellationToken)
    {
        Known? known = Volatile.Read(ref _known);
        if (known is not null && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.Rules;
        }
        try
        {
            return Keep(await ReadAsync(cancellationToken));
        }
        catch (Exception e) when (ListedDocuments.IsUnreadable(e))
        {
            log.RulesUnreadable(e.Message);
            return Keep(known?.Rules ?? AlertRules.Default);
        }
    }

    /// <exception cref="JsonException">Something else than rules stands there.</exception>
    public async Task<AlertRules> ReadAsync(CancellationToken cancellationToken) =>
        (await _document.ReadAsync(cancellationToken))?.Value ?? AlertRules.Default;

    /// <param name="revision">The one that is to be replaced.</param>
    /// <exception cref="AlertException">Rules are wrong, or another revision stands.</exception>
    public async Task<AlertRules> ReplaceAsync(
        int revision,
        IReadOnlyDictionary<string, AlertRuleChange> changes,
        string by,
        string reason,
        CancellationToken cancellationToken
    )
    {
        string[] faults = [.. AlertRulesCheck.FaultsOf(changes)];
        if (faults.Length > 0)
        {
            throw new AlertException(AlertFault.Invalid, string.Join(' ', faults));
        }
        Stored<AlertRules>? stored = await _document.UpdateAsync(
            before =>
                (before?.Revision ?? 0) == revision
                    ? new AlertRules(revision + 1, changes, by, time.GetUtcNow(), reason)
                    : throw new AlertException(
                        AlertFault.Conflict,
                        $"The rules are of revision {before?.Revision ?? 0}, by {before?.By ?? "nobody"}; expected was {revision}."
                    ),
            cancellationToken
        );
        return Keep(stored!.Value);
    }

    private AlertRules Keep(AlertRules rules)
    {
        Volatile.Write(ref _known, new Known(rules, time.GetTimestamp()));
        return rules;
    }
}
