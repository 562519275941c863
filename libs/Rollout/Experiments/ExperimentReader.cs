using Serverless.Captures;
using Serverless.Rollout.Guards;

namespace Serverless.Rollout.Experiments;

/// <summary>
/// Makes an experiment's numbers of captures, anew each time: a verdict depends on nothing but what was captured. Thread-safe.
/// </summary>
public sealed class ExperimentReader(CaptureReader captures, TimeProvider time)
{
    /// <summary>About 100 MB while it reads.</summary>
    private const int MaxRequests = 500_000;

    /// <returns>The numbers, and whether there was more than is read at once.</returns>
    public async Task<(ExperimentTally Tally, bool Truncated)> ReadAsync(ExperimentRecord experiment, CancellationToken cancellationToken)
    {
        Reading reading = new(experiment);
        DateTimeOffset until = experiment.Stopped ?? time.GetUtcNow();
        // Feedback on what was predicted while it ran counts, also when it comes after the stop.
        DateTimeOffset latest = experiment.Design.Metric == ExperimentMetric.Feedback ? time.GetUtcNow() : until;
        foreach (int version in experiment.Design.Arms.Select(arm => arm.Version).Distinct())
        {
            for (DateTimeOffset from = experiment.Started; from < latest; from += CaptureReader.MaxWindow)
            {
                DateTimeOffset to = from + CaptureReader.MaxWindow < latest ? from + CaptureReader.MaxWindow : latest;
                await foreach (CaptureRecord line in captures.ReadAsync(experiment.Design.Model, version, from, to, cancellationToken))
                {
                    if (!reading.TryAdd(line))
                    {
                        return (reading.Finish(), true);
                    }
                }
            }
        }
        return (reading.Finish(), false);
    }

    private sealed class Reading(ExperimentRecord experiment)
    {
        private readonly ExperimentTally _tally = new();
        private readonly HashSet<long> _revisions = [.. experiment.Epochs.Select(epoch => epoch.Revision)];
        private readonly HashSet<string> _arms = [.. experiment.Design.Arms.Select(arm => arm.Name)];
        private readonly Dictionary<string, IReadOnlyList<string>> _slices = [];
        private readonly Dictionary<string, CaptureRecord> _feedback = [];
        private int _requests;

        public bool TryAdd(CaptureRecord line)
        {
            if (line.Environment != experiment.Design.Environment || !_arms.Contains(line.Arm))
            {
                return true;
            }
            if (line is { Kind: CaptureKind.Feedback, Feedback.Outcome: not null })
            {
                // Of several reports on one prediction the last stands.
                if (!_feedback.TryGetValue(line.PredictionId, out CaptureRecord? before) || before.Time <= line.Time)
                {
                    _feedback[line.PredictionId] = line;
                }
                return _feedback.Count <= MaxRequests;
            }
            if (line.Kind != CaptureKind.Prediction || !_revisions.Contains(line.Revision))
            {
                return true;
            }
            if (++_requests > MaxRequests)
            {
                return false;
            }
            _tally.AddRequest(line.Revision, line.Arm, line.KeyHash ?? line.PredictionId);
            IReadOnlyList<string> slices = CaptureObservations.SlicesOf(line);
            if (experiment.Design.Metric == ExperimentMetric.Feedback)
            {
                _slices[line.PredictionId] = slices;
            }
            else if (ValueOf(line) is { } value)
            {
                _tally.AddValue(line.Arm, value, slices);
            }
            return true;
        }

        public ExperimentTally Finish()
        {
            if (experiment.Design.Metric != ExperimentMetric.Feedback)
            {
                return _tally;
            }
            foreach ((string prediction, CaptureRecord reported) in _feedback)
            {
                if (_slices.TryGetValue(prediction, out IReadOnlyList<string>? slices))
                {
                    _tally.AddValue(reported.Arm, reported.Feedback!.Outcome!.Value, slices);
                }
                else
                {
                    _tally.Unjoined++;
                }
            }
            return _tally;
        }

        private double? ValueOf(CaptureRecord line) =>
            experiment.Design.Metric switch
            {
                ExperimentMetric.Latency => line.Status is >= 200 and < 300 ? line.Times?.Total : null,
                ExperimentMetric.Failures => line.Status >= 500 ? 1 : 0,
                _ => line.Output?.Score,
            };
    }
}
