using Microsoft.Extensions.Logging;
using Serverless.Alerts.Rules;
using Serverless.Storage;

namespace Serverless.Alerts;

/// <summary>
/// The alerts that are open and those that have ended, in the object store: what was found twice is one alert, also by two processes or
/// after a restart. A look that changes nothing costs one read. Thread-safe; lives as long as the process.
/// </summary>
public sealed class AlertBook(IObjectStore store, AlertRulebook rulebook, TimeProvider time, ILogger<AlertBook> log)
{
    private readonly StoredDocument<OpenAlerts> _document = new(store, OpenAlerts.Path, OpenAlerts.MaxBytes, time);
    private readonly AlertHistory _history = new(store, time);

    /// <summary>Those that were open when this process looked last.</summary>
    public IReadOnlyList<Alert> LastOpen { get; private set; } = [];

    /// <summary>
    /// Whether there may be something to tell; written by an earlier process, unless a look has seen that there is not.
    /// </summary>
    internal bool MayHaveOutbox { get; private set; } = true;

    /// <summary>
    /// Opens, keeps and ends alerts by what was found. What is not named stays as it is: of a thing that is looked at once in a while,
    /// the alert lasts until a look names it as inactive, or a person resolves it. What is to be told is told by the next
    /// <see cref="AlertDelivery"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A condition names a rule that does not exist.</exception>
    public Task<IReadOnlyList<AlertChange>> ObserveAsync(IReadOnlyList<AlertCondition> conditions, CancellationToken cancellationToken) =>
        ObserveAsync(conditions, whole: [], cancellationToken);

    /// <param name="whole">Rules of which the conditions are all there are: what is open of them and not named has ended.</param>
    public async Task<IReadOnlyList<AlertChange>> ObserveAsync(
        IReadOnlyList<AlertCondition> conditions,
        IReadOnlyCollection<string> whole,
        CancellationToken cancellationToken
    )
    {
        AlertCondition[] bounded = [.. conditions.Select(condition => condition.Bounded())];
        return await LookAsync((_, look) => look.Take(bounded, whole), cancellationToken);
    }

    /// <summary>Those that are open, the latest first, and how many more wait for room.</summary>
    public async Task<(IReadOnlyList<Alert> Alerts, string? Beyond)> ListOpenAsync(CancellationToken cancellationToken)
    {
        OpenAlerts open = await ReadAsync(cancellationToken);
        AlertRules rules = await rulebook.TakeAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        PendingAlert[] due = [.. open.Pending.Where(pending => now - pending.Since >= rules[pending.Rule].For)];
        string? beyond =
            open.Alerts.Count < OpenAlerts.MaxAlerts || due.Length == 0
                ? null
                : $"{OpenAlerts.MaxAlerts} alerts are open, the most that are kept; {due.Length} more wait, among them "
                    + $"{string.Join(", ", due.Take(5).Select(one => $"{one.Rule} of {one.Subject}"))}.";
        return ([.. open.Alerts.OrderByDescending(alert => alert.Id, StringComparer.Ordinal)], beyond);
    }

    /// <summary>Of the last twelve months, the latest opened first.</summary>
    public Task<Listed<Alert>> ListResolvedAsync(int limit, CancellationToken cancellationToken) =>
        _history.ListAsync(limit, cancellationToken);

    public async Task<Alert?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Alerts.FirstOrDefault(alert => alert.Id == id)
        ?? await _history.FindAsync(id, cancellationToken);

    /// <summary>Somebody sees to it: no more reminders.</summary>
    /// <exception cref="AlertException">It is not open, or somebody has acknowledged it.</exception>
    public async Task<Alert> AcknowledgeAsync(string id, string by, string reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Stored<OpenAlerts>? stored = await _document.UpdateAsync(
            before => Replace(before ?? OpenAlerts.None, Find(before, id).Acknowledge(by, now, reason)),
            cancellationToken
        );
        return Find(stored!.Value, id);
    }

    /// <summary>By hand. Where what it is about lasts, the next look opens another.</summary>
    /// <exception cref="AlertException">It is not open.</exception>
    public async Task<Alert> ResolveAsync(string id, string by, string reason, CancellationToken cancellationToken)
    {
        IReadOnlyList<AlertChange> changes = await LookAsync(
            (before, look) => look.Resolve(Find(before, id).Record("resolved", by, time.GetUtcNow(), reason)),
            cancellationToken
        );
        return changes[0].Alert;
    }

    public async Task<IReadOnlyList<AlertMute>> ListMutesAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return [.. (await ReadAsync(cancellationToken)).Mutes.Where(mute => now < mute.Until)];
    }

    /// <exception cref="AlertException">It names neither rule nor subject, or has no end that is allowed.</exception>
    public async Task<AlertMute> MuteAsync(
        string? rule,
        string? subject,
        DateTimeOffset until,
        string by,
        string reason,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        AlertMute mute = new(AlertId.Of(now, $"{rule}\n{subject}\n{by}"), rule, subject, by, reason, now, until);
        if (string.Join(' ', mute.Faults()) is { Length: > 0 } faults)
        {
            throw new AlertException(AlertFault.Invalid, faults);
        }
        await _document.UpdateAsync(
            before =>
                (before ??= OpenAlerts.None).Mutes.Count(one => now < one.Until) < OpenAlerts.MaxMutes
                    ? before with
                    {
                        Mutes = [.. before.Mutes, mute],
                    }
                    : throw new AlertException(AlertFault.Conflict, $"There are {OpenAlerts.MaxMutes} mutes, which is the most allowed."),
            cancellationToken
        );
        return mute;
    }

    /// <summary>What was muted and is still open is told at the next look. False when there is no such mute.</summary>
    public async Task<bool> UnmuteAsync(string id, CancellationToken cancellationToken)
    {
        bool found = false;
        await _document.UpdateAsync(
            before =>
                (found = before?.Mutes.Any(mute => mute.Id == id) == true)
                    ? before! with
                    {
                        Mutes = [.. before!.Mutes.Where(mute => mute.Id != id)],
                    }
                    : null,
            cancellationToken
        );
        return found;
    }

    internal async Task<OpenAlerts> ReadAsync(CancellationToken cancellationToken) =>
        (await _document.ReadAsync(cancellationToken))?.Value ?? OpenAlerts.None;

    /// <summary>What became of dispatches: null takes one out of the outbox.</summary>
    internal async Task SettleAsync(IReadOnlyDictionary<string, AlertDispatch?> tried, CancellationToken cancellationToken)
    {
        Stored<OpenAlerts>? stored = await _document.UpdateAsync(
            before =>
                before is null
                    ? null
                    : before with
                    {
                        Outbox = [.. before.Outbox.Select(one => tried.GetValueOrDefault(one.Id, one)).OfType<AlertDispatch>()],
                    },
            cancellationToken
        );
        MayHaveOutbox = stored?.Value.Outbox.Count > 0;
    }

    /// <summary>An alert that ends is in the history before it is no longer open, so that it is lost at no moment.</summary>
    private async Task<IReadOnlyList<AlertChange>> LookAsync(Action<OpenAlerts, AlertLook> take, CancellationToken cancellationToken)
    {
        AlertRules rules = await rulebook.TakeAsync(cancellationToken);
        IReadOnlyList<AlertChange> changes = [];
        Stored<OpenAlerts>? stored = await _document.UpdateAsync(
            async (before, token) =>
            {
                OpenAlerts open = before?.Value ?? OpenAlerts.None;
                AlertLook look = new(open, rules, time.GetUtcNow());
                take(open, look);
                changes = look.Changes;
                foreach (AlertChange ended in changes.Where(change => change.Kind == AlertChangeKind.Resolved))
                {
                    await _history.WriteAsync(ended.Alert, token);
                }
                OpenAlerts after = look.Finish();
                return ReferenceEquals(after, open) ? before?.Value : after;
            },
            cancellationToken
        );
        MayHaveOutbox = stored?.Value.Outbox.Count > 0;
        LastOpen = stored?.Value.Alerts ?? [];
        foreach (AlertChange change in changes)
        {
            log.AlertChanged(change.Alert.Id, change.Alert.Rule, change.Kind, change.IsMuted);
        }
        return changes;
    }

    private static Alert Find(OpenAlerts? open, string id) =>
        open?.Alerts.FirstOrDefault(alert => alert.Id == id)
        ?? throw new AlertException(AlertFault.Missing, $"There is no open alert '{id}'.");

    private static OpenAlerts Replace(OpenAlerts open, Alert changed) =>
        open with
        {
            Alerts = [.. open.Alerts.Select(alert => alert.Id == changed.Id ? changed : alert)],
        };
}
