using Microsoft.Extensions.Logging;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Storage;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// The same bytes again, as a new version of the same asset, at another path or in another store: what was found in them stands already,
/// and is copied instead of computed. The copy is complete, so that either may go without the other. Of equal uploads at once each may be
/// computed. Idempotent by version; thread-safe.
/// </summary>
public sealed class AnalysisReuse(
    AssetStores stores,
    Ledger ledger,
    AnalysisWriter writer,
    AnalysisCopy copies,
    ContentIndex contents,
    AnalysisModels models,
    AnalysisFingerprints fingerprints,
    Sidecars sidecars,
    TimeProvider time,
    ILogger<AnalysisReuse> log
)
{
    /// <summary>
    /// Of versions with as many bytes as this one, and of other assets with the same; their documents are read to compare.
    /// </summary>
    private const int MaxCandidates = 3;

    /// <summary>Another store that is away holds up no upload for longer; real ones answer in a tenth of it.</summary>
    private static readonly TimeSpan OtherStoreWithin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The copy; null where no analysis that would come out alike is found: what was written then, the analysis writes again.
    /// </summary>
    internal Task<AnalysisDocument?> TryAsync(AnalysisRequest request, string sha256, StageClock clock, CancellationToken cancellationToken)
    {
        clock.StartWriting();
        return TryAsync(request, sha256, clock.Read, cancellationToken);
    }

    /// <param name="timings">Read when all but the document is written.</param>
    public async Task<AnalysisDocument?> TryAsync(
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            AssetSource source = request.Source;
            if (await TryAsync(await OwnAsync(request, cancellationToken), request, sha256, timings, cancellationToken) is { } own)
            {
                return own;
            }
            IReadOnlyList<AssetSource> here = await contents.FindAsync(source.Store, sha256, cancellationToken);
            IEnumerable<AssetSource> others = here.Where(found => found.AssetId != source.AssetId);
            if (await TryAsync(others, request, sha256, timings, cancellationToken) is { } copy)
            {
                return copy;
            }
        }
        catch (ObjectMissingException e) when (e.Path != stores.PathOf(request.Source))
        {
            return null; // deleted while it was copied
        }
        foreach (IObjectStore other in stores.All.Where(store => store.Name != request.Source.Store))
        {
            if (await TryElsewhereAsync(other.Name, request, sha256, timings, cancellationToken) is { } copy)
            {
                return copy;
            }
        }
        return null;
    }

    /// <summary>Whatever is wrong with another store, what is in this one is analysed.</summary>
    private async Task<AnalysisDocument?> TryElsewhereAsync(
        string store,
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource late = new(OtherStoreWithin, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            IReadOnlyList<AssetSource> there = await contents.FindAsync(store, sha256, limit.Token);
            return await TryAsync(there, request, sha256, timings, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.OtherStoreNotReused(store, request.Source.InstanceId(), e.Message);
            return null;
        }
    }

    private async Task<AnalysisDocument?> TryAsync(
        IEnumerable<AssetSource> candidates,
        AnalysisRequest request,
        string sha256,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        foreach (AssetSource candidate in candidates.Take(MaxCandidates))
        {
            if (
                await writer.ReadDocumentAsync(candidate, cancellationToken) is { } document
                && document.Sha256 == sha256
                && document.Kind == request.Kind
                && !PassageTexts.IsLackedBy(document)
                && document.Fingerprint == await FingerprintAsync(request, document, cancellationToken)
            )
            {
                return await ReuseAsync(document, request, timings, cancellationToken);
            }
        }
        return null;
    }

    private async Task<AnalysisDocument> ReuseAsync(
        AnalysisDocument earlier,
        AnalysisRequest request,
        Func<AnalysisTimings> timings,
        CancellationToken cancellationToken
    )
    {
        AnalysisDocument copy = await copies.MakeAsync(earlier, request, cancellationToken);
        copy = copy with { Timings = timings(), Analysed = time.GetUtcNow() };
        await writer.WriteDocumentAsync(copy, cancellationToken);
        log.AnalysisReused(request.Source.InstanceId(), earlier.Asset, earlier.Version);
        return copy;
    }

    /// <summary>
    /// Of the asset's own versions, itself among them where it became current again: in S3 the same bytes are the same version.
    /// </summary>
    private async Task<IEnumerable<AssetSource>> OwnAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        AssetSource source = request.Source;
        return await ledger.ReadRecentAsync(source.Store, source.AssetId, cancellationToken) is { Versions.Count: > 1 } asset
            ? asset
                .Versions.Where(entry =>
                    entry.Length == request.Length && (entry.State == AssetState.Processed || entry.Version == source.VersionId)
                )
                .Select(asset.SourceOf)
            : [];
    }

    /// <summary>By the roles that looked then as well: those of texts look at a film with words alone.</summary>
    private async Task<string> FingerprintAsync(AnalysisRequest request, AnalysisDocument earlier, CancellationToken cancellationToken)
    {
        IEnumerable<ModelRole> wanted = Enum.GetValues<ModelRole>()
            .Where(role => ModelRoles.Of(request.Kind).Contains(role) || earlier.Models.Any(use => use.Role == role.NameOf()));
        ChosenModels chosen = await models.ChooseAsync(wanted, request.Source, cancellationToken);
        return fingerprints.Of(
            request.Kind,
            chosen.Uses,
            request.Kind == MediaKind.Video ? await sidecars.FindAsync(request.Source, cancellationToken) : null
        );
    }
}
