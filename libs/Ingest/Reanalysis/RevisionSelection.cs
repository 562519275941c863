using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Rollout;

namespace Serverless.Ingest.Reanalysis;

/// <summary>Finds the analyses that a request concerns, page by page. Thread-safe.</summary>
public sealed class RevisionSelection(
    LedgerViews views,
    AnalysisWriter documents,
    IAssetIndex index,
    RolloutTable routes,
    RolesOptions roles
)
{
    /// <summary>Analyses looked at for a page, and found in one at most.</summary>
    private const int MaxScanned = 1_000;
    private const int MaxFound = 200;
    private const int ParallelReads = 8;

    /// <summary>So many uploads under way are what a moment brings; more than that go first.</summary>
    public const int UploadsUnderWay = 32;

    /// <param name="after">The asset after which to go on; null at the beginning.</param>
    public async Task<ReanalysisPage> SelectAsync(ReanalysisRequest request, string? after, CancellationToken cancellationToken)
    {
        int? serving = (await routes.FindPlanAsync(roles.Environment, request.Model, cancellationToken))?.Stable;
        if (serving != request.Version)
        {
            string now = serving is { } version ? $"version {version}" : "no version";
            return new([], 0, 0, null, $"{now} of {request.Model} serves in {roles.Environment} instead of {request.Version}");
        }
        await views.RefreshAsync(cancellationToken);
        if (views.Count(AssetState.Processing) > UploadsUnderWay)
        {
            return new([], 0, 0, after, IsBusy: true);
        }
        LedgerRow[] rows = [.. views.All.SelectMany(view => view.NewestFirst())];
        LedgerRow[] concerned = [.. rows.Where(row => Concerns(request, row))];
        LedgerRow[] page =
        [
            .. concerned
                .Where(row => after is null || string.CompareOrdinal(row.Asset, after) > 0)
                .OrderBy(row => row.Asset, StringComparer.Ordinal)
                .Take(MaxScanned),
        ];
        List<AssetSource> found = [];
        int scanned = 0;
        foreach (LedgerRow[] some in page.Chunk(ParallelReads).TakeWhile(_ => found.Count < MaxFound))
        {
            bool[] stale = await Task.WhenAll(some.Select(row => IsStaleAsync(request, row.Source, cancellationToken)));
            found.AddRange(some.Where((_, i) => stale[i]).Select(row => row.Source));
            scanned += some.Length;
        }
        bool isLast = scanned == page.Length && page.Length < MaxScanned;
        return new(found, scanned, concerned.Length, isLast ? null : page[scanned - 1].Asset);
    }

    /// <summary>
    /// Whether the version that serves did not look at it, or did before what it finds was kept whole, or its vectors are not in their
    /// space. Of a film without words a model of texts that has not looked is not missed: there is nothing for it to read.
    /// </summary>
    internal bool IsStale(ReanalysisRequest request, AnalysisDocument document)
    {
        ModelUse[] uses = [.. document.Models.Where(use => use.Name == request.Model)];
        if (request.MadeBy is { } made && uses.All(use => use.Version != $"{made}"))
        {
            return false;
        }
        return (uses.All(use => use.Version != $"{request.Version}") && HasWorkFor(request.Model, document))
            || LacksPassages(request, document)
            || !IsIndexed(request, document);
    }

    /// <summary>Passages are cut for the model that embeds texts, and come with it.</summary>
    internal bool LacksPassages(ReanalysisRequest request, AnalysisDocument document) =>
        roles.RolesOf(request.Model).Contains(ModelRole.TextEmbedding) && PassageTexts.IsLackedBy(document);

    private bool HasWorkFor(string model, AnalysisDocument document) =>
        roles.RolesOf(model).Any(ModelRoles.Of(document.Kind).Contains)
        || document.Video?.Subtitles.Any(subtitles => subtitles.Cues > 0) == true;

    private async Task<bool> IsStaleAsync(ReanalysisRequest request, AssetSource source, CancellationToken cancellationToken) =>
        await documents.ReadDocumentAsync(source, cancellationToken) is { } document && IsStale(request, document);

    private bool IsIndexed(ReanalysisRequest request, AnalysisDocument document) =>
        document
            .Embeddings.Where(file => file.Space.StartsWith($"{request.Model}-{request.Version}-", StringComparison.Ordinal))
            .All(file => file.Count == 0 || index.Holds(file.Space, document.Asset));

    private bool Concerns(ReanalysisRequest request, LedgerRow row) =>
        row.State == AssetState.Processed
        && row.Kind is { } kind
        && (request.Kind ?? kind) == kind
        && (request.Store ?? row.Store) == row.Store
        && AssetName.Of(row.Container, row.Key).StartsWith(request.Prefix ?? "", StringComparison.Ordinal)
        && roles.RolesOf(request.Model).Any(ModelRoles.NeededBy(kind).Contains);
}
