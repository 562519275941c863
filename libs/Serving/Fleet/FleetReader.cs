using System.Text.Json;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Storage;

namespace Serverless.Serving.Fleet;

/// <summary>
/// What all processes have counted since the look before. One request where nothing changed, one more for each report that did. For one
/// caller at a time.
/// </summary>
public sealed class FleetReader(IObjectStore store, TimeProvider time)
{
    /// <summary>A report that old is of a process that has ended, or has answered nothing since; it is deleted.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const int MaxProcesses = 1_000; // beyond, the first by name

    private readonly Dictionary<string, (string Version, FleetReport Report)> _before = [];
    private DateTimeOffset? _looked;

    /// <summary>The first look gives nothing: it has nothing to compare with.</summary>
    public async Task<FleetDelta> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isFirst = _looked is null;
        List<ServingLine> serving = [];
        List<CaptureLine> captures = [];
        ModelTime spent = default;
        await foreach (StoredObject found in store.ListAsync(FleetReport.Prefix, cancellationToken).Take(MaxProcesses))
        {
            if (now - found.LastModified > Kept)
            {
                await store.DeleteAsync(found.Path, cancellationToken);
                _before.Remove(found.Path);
                continue;
            }
            (string Version, FleetReport Report)? before = _before.TryGetValue(found.Path, out var known) ? known : null;
            if (before?.Version == found.Version || await FindAsync(found.Path, cancellationToken) is not { } report)
            {
                continue;
            }
            _before[found.Path] = (found.Version, report);
            if (!isFirst)
            {
                serving.AddRange(Since(before?.Report, report));
                captures.AddRange(RecordsSince(before?.Report, report));
                spent += report.Spent - (before?.Report.Spent ?? default);
            }
        }
        FleetDelta delta = new(_looked ?? now, now, Sum(serving), Sum(captures), spent);
        _looked = now;
        return delta;
    }

    /// <summary>Null of an object that is none of ours; others may write to the store.</summary>
    private async Task<FleetReport?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(path, FleetReport.MaxBytes, cancellationToken) is { } content
                ? StoredJson.Read<FleetReport>(content.Data)
                : null;
        }
        catch (Exception e) when (e is JsonException or ObjectTooLargeException)
        {
            return null;
        }
    }

    private static IEnumerable<ServingLine> Since(FleetReport? before, FleetReport now)
    {
        Dictionary<(string, string, int), ServingCounts> known = (before?.Serving ?? []).ToDictionary(
            line => line.Key,
            line => line.Counts
        );
        return now.Serving.Select(line => line with { Counts = line.Counts.Less(known.GetValueOrDefault(line.Key)) });
    }

    private static IEnumerable<CaptureLine> RecordsSince(FleetReport? before, FleetReport now)
    {
        Dictionary<CaptureKind, CaptureCounts> known = (before?.Captures ?? []).ToDictionary(line => line.Kind, line => line.Counts);
        return now.Captures.Select(line =>
        {
            CaptureCounts was = known.GetValueOrDefault(line.Kind);
            return line with
            {
                Counts = new CaptureCounts(
                    line.Counts.Requests - was.Requests,
                    line.Counts.Captured - was.Captured,
                    line.Counts.SampledOut - was.SampledOut,
                    line.Counts.Dropped - was.Dropped,
                    line.Counts.Failed - was.Failed
                ),
            };
        });
    }

    private static IReadOnlyList<ServingLine> Sum(IEnumerable<ServingLine> lines) =>
        [
            .. lines
                .GroupBy(line => line.Key)
                .Select(same => same.First() with { Counts = same.Aggregate(default(ServingCounts), (sum, line) => sum.Add(line.Counts)) })
                .Where(line => line.Counts.Requests > 0)
                .OrderBy(line => line.Key),
        ];

    private static IReadOnlyList<CaptureLine> Sum(IEnumerable<CaptureLine> lines) =>
        [
            .. lines
                .GroupBy(line => line.Kind)
                .Select(same => new CaptureLine(
                    same.Key,
                    new CaptureCounts(
                        same.Sum(line => line.Counts.Requests),
                        same.Sum(line => line.Counts.Captured),
                        same.Sum(line => line.Counts.SampledOut),
                        same.Sum(line => line.Counts.Dropped),
                        same.Sum(line => line.Counts.Failed)
                    )
                ))
                .OrderBy(line => line.Kind),
        ];
}

/// <summary>What the processes together counted between two looks.</summary>
/// <param name="Spent">By all models.</param>
public sealed record FleetDelta(
    DateTimeOffset From,
    DateTimeOffset Until,
    IReadOnlyList<ServingLine> Serving,
    IReadOnlyList<CaptureLine> Captures,
    ModelTime Spent = default
);
