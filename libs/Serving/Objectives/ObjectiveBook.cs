using Serverless.Serving.Fleet;
using Serverless.Storage;

namespace Serverless.Serving.Objectives;

/// <param name="Start">Of its five minutes.</param>
public sealed record ObjectiveBucket(DateTimeOffset Start, IReadOnlyList<ModelCounts> Models);

/// <summary>What all versions of a model in an environment were asked.</summary>
public sealed record ModelCounts(string Environment, string Model, ServingCounts Counts);

/// <summary>The object <c>objectives/window.json</c>: three days in parts of five minutes, those without requests left out.</summary>
public sealed record ObjectiveWindow(IReadOnlyList<ObjectiveBucket> Buckets)
{
    public static readonly TimeSpan Bucket = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Kept = BurnWindow.All.Max(window => window.Long);

    /// <summary>Models in environments, of one bucket; the most asked.</summary>
    public const int MaxModels = 100;

    public static ObjectiveWindow Empty { get; } = new([]);

    public ObjectiveWindow Add(FleetDelta delta)
    {
        DateTimeOffset start = new(delta.Until.UtcTicks / Bucket.Ticks * Bucket.Ticks, TimeSpan.Zero);
        ObjectiveBucket? last = Buckets.Count > 0 && Buckets[^1].Start == start ? Buckets[^1] : null;
        IEnumerable<ModelCounts> added = delta.Serving.Select(line => new ModelCounts(line.Environment, line.Model, line.Counts));
        ModelCounts[] models =
        [
            .. (last?.Models ?? [])
                .Concat(added)
                .GroupBy(line => (line.Environment, line.Model))
                .Select(same => same.First() with { Counts = same.Aggregate(default(ServingCounts), (sum, one) => sum.Add(one.Counts)) })
                .OrderByDescending(line => line.Counts.Requests)
                .ThenBy(line => line.Model, StringComparer.Ordinal)
                .Take(MaxModels),
        ];
        IEnumerable<ObjectiveBucket> kept = Buckets.Where(bucket => bucket != last && bucket.Start > delta.Until - Kept - Bucket);
        return new ObjectiveWindow([.. kept, new ObjectiveBucket(start, models)]);
    }

    /// <summary>By environment and model, of all that were asked in three days.</summary>
    public IReadOnlyList<ObjectiveStanding> Judge(ObjectiveOptions objectives, DateTimeOffset now) =>
        [
            .. Buckets
                .SelectMany(bucket => bucket.Models)
                .Select(line => (line.Environment, line.Model))
                .Distinct()
                .Order()
                .SelectMany(about =>
                    BurnRates.Judge(about.Environment, about.Model, objectives.Of(about.Model), window => SumOf(about, now - window))
                ),
        ];

    private ServingCounts SumOf((string Environment, string Model) about, DateTimeOffset from) =>
        Buckets
            .Where(bucket => bucket.Start + Bucket > from)
            .SelectMany(bucket => bucket.Models)
            .Where(line => (line.Environment, line.Model) == about)
            .Aggregate(default(ServingCounts), (sum, line) => sum.Add(line.Counts));
}

/// <summary>Keeps three days of counts, and says how objectives stand. Thread-safe.</summary>
public sealed class ObjectiveBook(IObjectStore store, ObjectiveOptions objectives, TimeProvider time)
{
    private const string Path = "objectives/window.json";
    private const int MaxBytes = 64 << 20; // 864 buckets of 100 models take a fifth of it

    private readonly StoredDocument<ObjectiveWindow> _document = new(store, Path, MaxBytes, time);
    private ObjectiveWindow? _known; // replaced as a whole

    /// <summary>Adds what was counted, and judges; asks no store where there is nothing to add and it was read before.</summary>
    public async Task<IReadOnlyList<ObjectiveStanding>> AddAsync(FleetDelta delta, CancellationToken cancellationToken)
    {
        if (delta.Serving.Count > 0)
        {
            Stored<ObjectiveWindow>? stored = await _document.UpdateAsync(
                before => (before ?? ObjectiveWindow.Empty).Add(delta),
                cancellationToken
            );
            _known = stored!.Value;
        }
        _known ??= await ReadWindowAsync(cancellationToken);
        return _known.Judge(objectives, time.GetUtcNow());
    }

    public async Task<IReadOnlyList<ObjectiveStanding>> ReadAsync(CancellationToken cancellationToken) =>
        (await ReadWindowAsync(cancellationToken)).Judge(objectives, time.GetUtcNow());

    private async Task<ObjectiveWindow> ReadWindowAsync(CancellationToken cancellationToken) =>
        (await _document.ReadAsync(cancellationToken))?.Value ?? ObjectiveWindow.Empty;
}
