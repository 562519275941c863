using Microsoft.Azure.Functions.Worker;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;

namespace Serverless.Orchestrations.Sources;

/// <summary>Erases what was made of some assets that no other source covers. Done again, it erases others.</summary>
public sealed class EraseSourcePart(SourceBook book, LedgerViews views, AssetErasure erasure)
{
    internal const int AtOnce = 100;

    private const int ParallelWork = 8;

    [Function(nameof(EraseSourcePart))]
    public async Task<ErasedPart> RunAsync([ActivityTrigger] EraseSourceInput input, CancellationToken cancellationToken)
    {
        if (
            await book.FindAsync(input.Store, input.Name, cancellationToken) is not { State: SourceState.Removed } source
            || source.Version != input.Version
        )
        {
            return new ErasedPart(0, IsMore: false, "the source was added anew");
        }
        SourceCoverage others = await book.LoadCoverageAsync(input.Store, cancellationToken);
        LedgerView view = views[input.Store];
        await view.RefreshAsync(cancellationToken);
        LedgerRow[] left =
        [
            .. view.NewestFirst()
                .Where(row =>
                    row.State != AssetState.Gone && source.Covers(row.Container, row.Key) && !others.Covers(row.Container, row.Key)
                )
                .Take(AtOnce),
        ];
        await Parallel.ForEachAsync(
            left,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWork, CancellationToken = cancellationToken },
            async (row, token) => await erasure.DropAsync(row.Store, row.Asset, token)
        );
        return new ErasedPart(left.Length, IsMore: left.Length == AtOnce);
    }
}

/// <summary>Notes that all is erased. Its key is the source and its version.</summary>
public sealed class EndSourceErasure(SourceBook book)
{
    [Function(nameof(EndSourceErasure))]
    public Task RunAsync([ActivityTrigger] EraseSourceInput input, CancellationToken cancellationToken) =>
        book.NoteAsync(
            input.Store,
            input.Name,
            source => source.Version == input.Version && source is { State: SourceState.Removed, Erased: null },
            (source, now) => source with { Erased = now },
            cancellationToken
        );
}
