using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Events;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Steps;
using Serverless.Media;

namespace Serverless.Ingest.Reanalysis;

/// <summary>
/// The steps by which one asset version is analysed anew: looked at, analysed as first analyses are, made known. Until the new analysis is
/// complete the one before stays. Each step is idempotent by version and revision; thread-safe.
/// </summary>
public sealed class AssetRevision(
    AnalysisWriter documents,
    RevisionSelection selection,
    SidecarRevision sidecars,
    Ledger ledger,
    IAssetIndex index,
    AnalysisModels models,
    AttemptedAnalysis analysis,
    ResultAnnouncer announcer
)
{
    public async Task<RevisionBegun> BeginAsync(RevisionInput input, CancellationToken cancellationToken)
    {
        (AssetSource source, ReanalysisRequest? request, _) = input;
        if (
            await documents.ReadDocumentAsync(source, cancellationToken) is not { } document
            || await TargetOfAsync(input, document, cancellationToken) is not { } target
        )
        {
            return new(null, new AnalysisOutcome(AnalysisStatus.Settled));
        }
        if (
            request is not null
            && document.Models.Any(use => use.Name == request.Model && use.Version == $"{request.Version}")
            && !selection.LacksPassages(request, document)
        )
        {
            // Its vectors lie beside it and only their space lacks them.
            bool added = await index.AddAsync(source, cancellationToken);
            return new(null, new AnalysisOutcome(added ? AnalysisStatus.Analysed : AnalysisStatus.Settled));
        }
        if (await models.FindUnservedAsync(document.Kind, cancellationToken) is { } waiting)
        {
            return new(null, waiting);
        }
        LedgerEntry? entry = await ledger.UpdateKnownAsync(source, (known, now) => known.WantRevision(target, now), cancellationToken);
        if (entry is not { State: AssetState.Processed })
        {
            return new(null, new AnalysisOutcome(AnalysisStatus.Gone));
        }
        return new(RequestOf(source, document, entry));
    }

    /// <summary>Counts it. What is a job answers TooLong; Waiting is no attempt.</summary>
    public Task<AnalysisOutcome> AnalyseAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        analysis.AnalyseAsync(request, cancellationToken);

    /// <summary>Searchable first, then in the ledger, then to whoever listens.</summary>
    public async Task SettleAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        AssetSource source = request.Source;
        await index.AddAsync(source, cancellationToken);
        AnalysisDocument? document = await documents.ReadDocumentAsync(source, cancellationToken);
        AnalysisSpending? spent = document is null ? null : AnalysisSpending.Of(document);
        LedgerEntry? entry = await ledger.UpdateKnownAsync(
            source,
            (known, now) => known.CompleteRevision(request.Revision, now, spent),
            cancellationToken
        );
        if (entry?.State == AssetState.Processed)
        {
            await announcer.AnnounceAsync(new AssetSettled(source, AssetState.Processed, request.Revision), cancellationToken);
        }
        else
        {
            await index.EraseAsync(source.AssetId, cancellationToken); // deleted meanwhile; rare, since it reads the whole index
        }
    }

    /// <summary>What attempts are counted under; null where there is nothing to do.</summary>
    private async Task<string?> TargetOfAsync(RevisionInput input, AnalysisDocument document, CancellationToken cancellationToken) =>
        input.Request is { } request ? (selection.IsStale(request, document) ? request.Target : null)
        : document.Kind == MediaKind.Video ? await sidecars.FindTargetAsync(input.Source, document, cancellationToken)
        : null;

    private static AnalysisRequest RequestOf(AssetSource source, AnalysisDocument document, LedgerEntry entry) =>
        new(
            source,
            document.Kind,
            document.MediaType,
            document.Size,
            entry.Attempts,
            entry.Registered,
            Math.Max(1, entry.Run),
            document.Revision + 1,
            document.Given
        );
}
