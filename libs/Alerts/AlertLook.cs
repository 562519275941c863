using Serverless.Alerts.Rules;

namespace Serverless.Alerts;

/// <summary>
/// What one look makes of the alerts that were open: a condition opens one, keeps it, or lets it end. Decides alone; writes nothing. Used
/// once, by one thread.
/// </summary>
internal sealed class AlertLook
{
    /// <summary>An alert that lasts is written anew this often, not at every look.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private readonly OpenAlerts _before;
    private readonly AlertRules _rules;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<(string, string), Alert> _open;
    private readonly Dictionary<(string, string), PendingAlert> _pending;
    private readonly IReadOnlyList<AlertMute> _mutes;
    private readonly HashSet<string> _opened = [];
    private readonly List<AlertChange> _changes = [];
    private bool _isChanged;

    public AlertLook(OpenAlerts before, AlertRules rules, DateTimeOffset now)
    {
        (_before, _rules, _now) = (before, rules, now);
        _open = before.Alerts.ToDictionary(alert => alert.Key);
        _pending = before.Pending.ToDictionary(pending => pending.Key);
        _mutes = [.. before.Mutes.Where(mute => now < mute.Until)];
        _isChanged = _mutes.Count < before.Mutes.Count;
    }

    public IReadOnlyList<AlertChange> Changes => _changes;

    /// <param name="whole">Rules of which the conditions are all there are: what is open of them and not among these has ended.</param>
    public void Take(IEnumerable<AlertCondition> conditions, IReadOnlyCollection<string> whole)
    {
        HashSet<(string, string)> named = [];
        foreach (AlertCondition condition in conditions)
        {
            named.Add(condition.Key);
            if (condition.Active && _rules[condition.Rule].Enabled)
            {
                Meet(condition);
            }
            else
            {
                Miss(condition.Key);
            }
        }
        foreach ((string Rule, string) key in _open.Keys.Concat(_pending.Keys).Where(key => whole.Contains(key.Item1)).ToList())
        {
            if (!named.Contains(key))
            {
                Miss(key);
            }
        }
        foreach (Alert ended in _open.Values.Where(HasEnded).ToList())
        {
            End(ended);
        }
        foreach (Alert alert in _open.Values.ToList())
        {
            Tell(alert);
        }
    }

    /// <summary>By a person: it ends at once.</summary>
    public void Resolve(Alert alert) => End(alert);

    /// <summary>The instance of before where nothing has changed.</summary>
    public OpenAlerts Finish()
    {
        if (!_isChanged)
        {
            return _before;
        }
        OpenAlerts after = new([.. _open.Values], [.. _pending.Values], _mutes, _before.Outbox);
        return after.Post(AlertDispatch.Of(_changes, _rules, _now));
    }

    private void Meet(AlertCondition condition)
    {
        if (_open.TryGetValue(condition.Key, out Alert? alert))
        {
            bool isBack = alert.InactiveSince is not null;
            if (isBack || _now - alert.LastSeen >= SeenEvery)
            {
                Put(See(alert, condition) with { Occurrences = alert.Occurrences + (isBack ? 1 : 0), InactiveSince = null });
            }
            return;
        }
        DateTimeOffset since = _pending.GetValueOrDefault(condition.Key)?.Since ?? _now;
        AlertRule rule = _rules[condition.Rule];
        if (_now - since >= rule.For && _open.Count < OpenAlerts.MaxAlerts)
        {
            _pending.Remove(condition.Key);
            string id = AlertId.Of(_now, $"{condition.Rule}\n{condition.Subject}");
            _opened.Add(id);
            Put(See(new Alert(id, condition.Rule, condition.Subject, rule.Severity, _now, _now, ""), condition));
        }
        else if (_pending.Count < OpenAlerts.MaxPending)
        {
            _isChanged |= _pending.TryAdd(condition.Key, new PendingAlert(condition.Rule, condition.Subject, since));
        }
    }

    private void Miss((string, string) key)
    {
        _isChanged |= _pending.Remove(key);
        if (_open.TryGetValue(key, out Alert? alert) && alert.InactiveSince is null)
        {
            Put(alert with { InactiveSince = _now });
        }
    }

    private bool HasEnded(Alert alert) => alert.InactiveSince is { } since && _now - since >= _rules[alert.Rule].ResolveAfter;

    /// <summary>Whoever was told that it opened is told that it ended, muted or not.</summary>
    private void End(Alert alert)
    {
        _open.Remove(alert.Key);
        _isChanged = true;
        _changes.Add(new AlertChange(AlertChangeKind.Resolved, alert with { Resolved = _now }, IsMuted: alert.Told is null));
    }

    private void Tell(Alert alert)
    {
        bool isMuted = _mutes.Any(mute => mute.Covers(alert, _now));
        if (alert.Told is not { } told)
        {
            if (!isMuted || _opened.Contains(alert.Id))
            {
                Alert next = isMuted ? alert : alert with { Told = _now };
                Put(next);
                _changes.Add(new AlertChange(AlertChangeKind.Opened, next, isMuted));
            }
        }
        else if (
            !isMuted
            && alert is { AcknowledgedAt: null, InactiveSince: null }
            && _rules[alert.Rule].RepeatAfter is { } every
            && _now - told >= every
        )
        {
            Alert next = alert with { Told = _now, Reminders = alert.Reminders + 1 };
            Put(next);
            _changes.Add(new AlertChange(AlertChangeKind.Reminder, next));
        }
    }

    private Alert See(Alert alert, AlertCondition condition) =>
        alert with
        {
            LastSeen = _now,
            Summary = condition.Summary,
            Value = condition.Value,
            Limit = condition.Limit,
            Link = condition.Link,
            About = condition.About,
        };

    private void Put(Alert alert)
    {
        _open[alert.Key] = alert;
        _isChanged = true;
    }
}
