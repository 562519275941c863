using Serverless.Captures;
using Serverless.Drift.Observations;

namespace Serverless.Drift.Summaries;

/// <summary>An hour's summary while its captures are read, for each environment. For one reader.</summary>
internal sealed class HourDraft(DateTimeOffset hour)
{
    private const int MaxEnvironments = 32; // names come from captured lines, which anybody may have written

    private readonly Dictionary<string, TrafficSummary> _environments = [];

    public CaptureFaults Faults { get; private set; } = CaptureFaults.None;

    public void Damage(CapturePath file, string fault) => Faults = Faults.Add(new CaptureFaults(1, 0, 0, $"{file.Path}: {fault}"));

    public void Add(CaptureRecord line)
    {
        if (line.Time < hour || line.Time >= hour.AddHours(1))
        {
            Faults = Faults with { Misdated = Faults.Misdated + 1 };
            return;
        }
        if (ObservationReader.Read(line) is not { } row)
        {
            return;
        }
        if (!_environments.TryGetValue(line.Environment, out TrafficSummary? summary))
        {
            if (_environments.Count == MaxEnvironments)
            {
                return;
            }
            _environments.Add(line.Environment, summary = TrafficSummary.OfHour());
        }
        summary.Add(row);
    }

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
