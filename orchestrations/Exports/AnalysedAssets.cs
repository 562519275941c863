using Serverless.Exports;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <summary>What the analyses of an upload say, as exports tell it. Thread-safe.</summary>
public sealed class AnalysedAssets(AssetStores stores, Ledger ledger, AnalysisWriter analyses)
{
    private const int ScoreDigits = 4;

    /// <param name="asset">As a capture has it; what is no id of an asset has no analyses.</param>
    public async Task<IReadOnlyList<AssetFacts>> FindAsync(string asset, CancellationToken cancellationToken)
    {
        List<AssetFacts> found = [];
        foreach (IObjectStore store in AssetSource.IsAssetId(asset) ? stores.All : [])
        {
            LedgerDocument? known = await ledger.ReadAsync(store.Name, asset, cancellationToken);
            foreach (LedgerEntry entry in known?.Versions.Where(version => version.State == AssetState.Processed) ?? [])
            {
                if (await ReadAsync(known!.SourceOf(entry), cancellationToken) is { } document)
                {
                    found.Add(FactsOf(document, entry.Registered));
                }
            }
        }
        return found;
    }

    /// <summary>Null also of a document that cannot be read: the rows stand without it, and are counted.</summary>
    private async Task<AnalysisDocument?> ReadAsync(AssetSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await analyses.ReadDocumentAsync(source, cancellationToken);
        }
        catch (Exception e) when (ListedDocuments.IsUnreadable(e))
        {
            return null;
        }
    }

    internal static AssetFacts FactsOf(AnalysisDocument document, DateTimeOffset registered)
    {
        IReadOnlyList<ShotFinding> shots = document.Video?.Shots ?? [];
        IReadOnlyList<SubtitleFinding> spoken = document.Video?.Subtitles ?? [];
        return new AssetFacts(
            document.Version,
            registered,
            document.Kind.ToString().ToLowerInvariant(),
            document.MediaType,
            document.Size,
            document.Text?.Language ?? spoken.Select(subtitles => subtitles.Language).FirstOrDefault(language => language is not null),
            BestOf([.. document.Image?.Labels ?? [], .. shots.SelectMany(shot => shot.Labels)]),
            BestOf([.. document.Text?.Topics ?? [], .. spoken.SelectMany(subtitles => subtitles.Topics)]),
            [
                .. (document.Image?.Objects ?? [])
                    .Concat(shots.SelectMany(shot => shot.Objects ?? []))
                    .CountBy(seen => seen.Label)
                    .Select(count => new AssetCount(count.Key, count.Value)),
            ],
            [
                .. (document.Text?.Entities ?? [])
                    .Select(entity => (entity.Type, entity.Text))
                    .Concat(spoken.SelectMany(subtitles => subtitles.Entities).Select(entity => (entity.Type, entity.Text)))
                    .CountBy(entity => entity)
                    .Select(count => new AssetEntity(count.Key.Type, count.Key.Text, count.Value)),
            ],
            [.. document.Models.Select(model => $"{model.Name}/{model.Version}").Distinct().Order(StringComparer.Ordinal)],
            document.Analysed
        );
    }

    private static IReadOnlyList<AssetLabel> BestOf(IReadOnlyList<LabelFinding> labels) =>
        [
            .. labels
                .GroupBy(label => label.Label, StringComparer.Ordinal)
                .Select(same => new AssetLabel(same.Key, Math.Round(same.Max(label => label.Score), ScoreDigits))),
        ];
}
