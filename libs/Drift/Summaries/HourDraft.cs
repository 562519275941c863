using Serverless.Captures;
using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>An hour's summary while its captures are read, for each environment. For one reader.</summary>
/// <param name="before">Environments that the hour has already; they come first where there is no room for all.</param>
internal sealed class HourDraft(DateTimeOffset hour, IEnumerable<string> before)
{
    public const int MaxEnvironments = 32; // names come from captured lines, which anybody may have written
    public const string Others = "(others)";

    private const int MaxNameCharacters = 64;

    private readonly HashSet<string> _names = [.. before];
    private readonly Dictionary<string, TrafficSummary> _environments = [];

    public CaptureFaults Faults { get; private set; } = CaptureFaults.None;

    public void Damage(CapturePath file, CaptureDamage damage)
    {
        string where = $"{file.Path}: {damage}";
        Note(new CaptureFaults(damage.EndsFile ? 1 : 0, 0, 0, where, DamagedLines: damage.EndsFile ? 0 : 1, Named: [where]));
    }

    public void AddLate(IEnumerable<CapturePath> files) =>
        Note(
            new CaptureFaults(0, 0, files.Count(), Named: [.. files.Select(file => $"{file.Path}: came late").Take(CaptureFaults.MaxNamed)])
        );

    public void Add(CapturePath file, CaptureRecord line)
    {
        if (line.Time < hour || line.Time >= hour.AddHours(1))
        {
            Note(new CaptureFaults(0, 1, 0, Named: [$"{file.Path}: has lines of other hours"]));
            return;
        }
        if (ObservationReader.Read(line) is { } row)
        {
            SummaryOf(line.Environment).Add(row);
        }
    }

    private TrafficSummary SummaryOf(string environment)
    {
        string name = environment;
        if (!_names.Contains(name) && _names.Count(known => known != Others) >= MaxEnvironments)
        {
            string shown = name.Length > MaxNameCharacters ? name[..MaxNameCharacters] + "…" : name;
            Note(new CaptureFaults(0, 0, 0, Crowded: 1, Named: [$"environment '{shown}': one beyond {MaxEnvironments}, among {Others}"]));
            name = Others;
        }
        _names.Add(name);
        if (!_environments.TryGetValue(name, out TrafficSummary? summary))
        {
            _environments.Add(name, summary = TrafficSummary.OfHour());
        }
        return summary;
    }

    private void Note(CaptureFaults faults) => Faults = Faults.Add(faults);

    public IReadOnlyDictionary<string, StoredTraffic> MergeWith(IReadOnlyDictionary<string, StoredTraffic>? before)
    {
        Dictionary<string, StoredTraffic> merged = new(before ?? new Dictionary<string, StoredTraffic>());
        foreach ((string environment, TrafficSummary summary) in _environments)
        {
            if (merged.TryGetValue(environment, out StoredTraffic? earlier))
            {
                summary.Merge(earlier);
            }
            merged[environment] = summary.ToStored();
        }
        return merged;
    }
}
