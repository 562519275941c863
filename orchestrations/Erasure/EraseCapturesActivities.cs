using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Drift.Summaries;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Storage;

namespace Serverless.Orchestrations.Erasure;

/// <summary>Whose captured predictions are to be searched for.</summary>
public sealed class ListPendingErasures(ErasureRecords records, CaptureOptions captures)
{
    [Function(nameof(ListPendingErasures))]
    public Task<IReadOnlyList<PendingErasure>> RunAsync([ActivityTrigger] DateTime now, CancellationToken cancellationToken) =>
        records.ListPendingAsync(
            new DateTimeOffset(now, TimeSpan.Zero) - EraseCapturesPart.UnderWay - captures.GiveUpAfter,
            EraseCaptures.AssetsAtOnce,
            cancellationToken
        );
}

/// <summary>
/// Searches some captured files, and takes what it finds out of them; the summaries of those hours are made anew. Done again, it finds no
/// more.
/// </summary>
public sealed class EraseCapturesPart(AssetStores stores, CaptureErasure erasure, HourSummaries summaries)
{
    internal const int AtOnce = 200;

    /// <summary>An analysis that was under way when its asset was erased has ended by then.</summary>
    internal static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(15);

    [Function(nameof(EraseCapturesPart))]
    public async Task<SearchedCaptures> RunAsync([ActivityTrigger] EraseCapturesInput input, CancellationToken cancellationToken)
    {
        IObjectStore[] all = [.. stores.All.OrderBy(one => one.Name, StringComparer.Ordinal)];
        CapturePlace place = input.After ?? new CapturePlace(all[0].Name, After: null);
        IObjectStore store = stores[place.Store];
        Dictionary<string, DateTimeOffset> erased = input.Assets!.GroupBy(one => one.Asset).ToDictionary(one => one.Key, UntilOf);
        // Azure makes the container with the first capture; a page of none that is there is refused.
        bool isEmpty = place.After is null && !await store.ListAsync(CapturePath.Prefix, cancellationToken).AnyAsync(cancellationToken);
        ObjectPage page = isEmpty
            ? new ObjectPage([], Next: null)
            : await store.ListPageAsync(CapturePath.Prefix, place.After, AtOnce, cancellationToken);
        int removed = 0;
        foreach (StoredObject file in page.Objects)
        {
            if (CapturePath.HourIn(file.Path) is { } hour && hour <= erased.Values.Max())
            {
                removed += await EraseAsync(store, file, hour, erased, cancellationToken);
            }
        }
        CapturePlace? next =
            page.Next is { } after ? place with { After = after }
            : all.SkipWhile(one => one.Name != place.Store).Skip(1).FirstOrDefault() is { } other
                ? new CapturePlace(other.Name, After: null)
            : null;
        return new SearchedCaptures(page.Objects.Count, removed, next);
    }

    private async Task<int> EraseAsync(
        IObjectStore store,
        StoredObject file,
        DateTimeOffset hour,
        IReadOnlyDictionary<string, DateTimeOffset> erased,
        CancellationToken cancellationToken
    )
    {
        int removed = await erasure.EraseAsync(store, file, erased, cancellationToken);
        if (removed > 0 && CapturePath.VersionIn(file.Path) is var (model, version))
        {
            await summaries.ForgetAsync(model, version, hour, cancellationToken);
        }
        return removed;
    }

    private static DateTimeOffset UntilOf(IEnumerable<PendingErasure> erasures) => erasures.Max(one => one.At) + UnderWay;
}

/// <summary>Notes that captured predictions were searched. Its key is when the search began.</summary>
public sealed class EndCapturesErasure(ErasureRecords records)
{
    [Function(nameof(EndCapturesErasure))]
    public async Task RunAsync([ActivityTrigger] EraseCapturesInput input, CancellationToken cancellationToken)
    {
        foreach (PendingErasure pending in input.Assets!)
        {
            await records.CompleteAsync(pending, input.Since, cancellationToken);
        }
    }
}
