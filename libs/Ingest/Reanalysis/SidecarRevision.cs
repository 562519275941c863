using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Videos;
using Serverless.Media;

namespace Serverless.Ingest.Reanalysis;

/// <summary>
/// Which films were analysed with other files of subtitles than lie beside them now: such a file may come after its film, be replaced or
/// deleted, or arrive while the film is analysed. Thread-safe.
/// </summary>
public sealed class SidecarRevision(AnalysisWriter documents, Ledger ledger, Sidecars sidecars)
{
    /// <summary>Asked when an asset is settled: the film itself, or those that a file of subtitles belongs to.</summary>
    /// <param name="kind">Null where it is not known; what is neither a film nor named like subtitles is not asked a store about.</param>
    public async Task<IReadOnlyList<RevisionInput>> FindStaleAsync(
        AssetSource settled,
        MediaKind? kind,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<AssetSource> films =
            Sidecars.IsNamedLikeOne(settled.Key) ? await sidecars.FindNeighboursAsync(settled, cancellationToken)
            : kind is null or MediaKind.Video ? [settled]
            : [];
        List<RevisionInput> stale = [];
        foreach (AssetSource film in films)
        {
            if (
                await IsVideoAsync(film, cancellationToken)
                && await documents.ReadDocumentAsync(film, cancellationToken) is { Kind: MediaKind.Video } document
                && await FindTargetAsync(film, document, cancellationToken) is { } target
            )
            {
                stale.Add(new RevisionInput(film, Request: null, target));
            }
        }
        return stale;
    }

    /// <summary>Asked when an asset is gone: the films that it was a file of subtitles of.</summary>
    public async Task<IReadOnlyList<RevisionInput>> FindLeftAsync(AssetSource gone, CancellationToken cancellationToken) =>
        Sidecars.IsNamedLikeOne(gone.Key) ? await FindStaleAsync(gone, kind: null, cancellationToken) : [];

    /// <summary>By the ledger, whose entry is at hand where it was written last; a document may be large.</summary>
    private async Task<bool> IsVideoAsync(AssetSource asset, CancellationToken cancellationToken) =>
        (await ledger.ReadRecentAsync(asset.Store, asset.AssetId, cancellationToken))?.Find(asset.VersionId)
            is { Kind: MediaKind.Video, State: AssetState.Processed };

    /// <summary>
    /// A name for the files that are there and the revision that lacks them: files may go and come again. Null where it has read them.
    /// </summary>
    public async Task<string?> FindTargetAsync(AssetSource film, AnalysisDocument document, CancellationToken cancellationToken)
    {
        SubtitleFinding[] read = [.. document.Video!.Subtitles.Where(found => found.Sidecar is not null)];
        int room = SubtitleAnalyzer.MaxTracks - (document.Video.Subtitles.Count - read.Length);
        SidecarVersion[] there =
        [
            .. (await sidecars.FindAsync(film, cancellationToken)).Take(room).Select(file => new SidecarVersion(file.Key, file.Version)),
        ];
        if (there.SequenceEqual(read.Select(found => found.Sidecar)))
        {
            return null;
        }
        AssetSource all = new(film.Store, film.Container, film.Key, string.Join('\n', there.Select(file => $"{file.Key} {file.Version}")));
        return $"subtitles-{all.VersionId}-{document.Revision}";
    }
}
