using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Experiments;

/// <summary>The numbers of one experiment. Mutable, not thread-safe.</summary>
public sealed class ExperimentTally
{
    public const int MaxSlices = 20;

    private readonly Dictionary<(long Revision, string Arm), long> _callers = [];
    private readonly HashSet<(long Revision, string Caller)> _seen = [];
    private readonly Dictionary<string, long> _requests = [];
    private readonly Dictionary<string, MeanTally> _arms = [];
    private readonly SortedDictionary<string, Dictionary<string, MeanTally>> _slices = new(StringComparer.Ordinal);

    /// <summary>Whether all values were 0 or 1, so that a mean is a rate.</summary>
    public bool IsRate { get; private set; } = true;

    /// <summary>The slices of which there are numbers, the first that came.</summary>
    public IReadOnlyCollection<string> Slices => _slices.Keys;

    /// <summary>One request. A caller with a key counts once for the sample ratio, since its requests all meet the same arm.</summary>
    public void AddRequest(long revision, string arm, string caller)
    {
        _requests[arm] = _requests.GetValueOrDefault(arm) + 1;
        if (_seen.Add((revision, caller)))
        {
            _callers[(revision, arm)] = _callers.GetValueOrDefault((revision, arm)) + 1;
        }
    }

    public void AddValue(string arm, double value, IEnumerable<string> slices)
    {
        if (!double.IsFinite(value))
        {
            return;
        }
        IsRate &= value is 0 or 1;
        _arms[arm] = Of(arm).Add(value);
        foreach (string slice in slices)
        {
            if (!_slices.TryGetValue(slice, out Dictionary<string, MeanTally>? arms))
            {
                if (_slices.Count == MaxSlices)
                {
                    continue;
                }
                _slices[slice] = arms = [];
            }
            arms[arm] = arms.GetValueOrDefault(arm).Add(value);
        }
    }

    /// <summary>Reports of outcomes whose prediction was not captured: sampled out, or of another time.</summary>
    public long Unjoined { get; set; }

    public long Requests(string arm) => _requests.GetValueOrDefault(arm);

    public MeanTally Of(string arm) => _arms.GetValueOrDefault(arm);

    public MeanTally Of(string arm, string slice) => _slices[slice].GetValueOrDefault(arm);

    /// <summary>Logarithm of the evidence against the intended shares, of all epochs together.</summary>
    public double SampleRatioEvidence(IEnumerable<ExperimentEpoch> epochs) =>
        epochs.Sum(epoch =>
            SampleRatioTest.LogEvidence(
                [.. epoch.Arms.Select(arm => _callers.GetValueOrDefault((epoch.Revision, arm.Name)))],
                [.. epoch.Arms.Select(arm => arm.Weight)]
            )
        );
}
