using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Sources;

/// <summary>Where uploads come from: what each source covers, how far it is, and what another would cover.</summary>
public sealed class SourcesFunction(AssetStores stores, SourceBook book, SourceListing listing, SourceAnswers answers, TimeProvider time)
{
    private const int MaxCounted = 10_000;

    /// <summary>A removed one only while its analyses are erased.</summary>
    [Function("ListSources")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sources")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        Listed<MediaSource> all = await book.ListAsync(cancellationToken);
        SourceAnswer[] items = await Task.WhenAll(
            all.Items.Where(source => source.State != SourceState.Removed || source is { Erases: true, Erased: null })
                .Select(source => answers.AnswerAsync(source, client, cancellationToken))
        );
        return Answers.Json(new ListAnswer<SourceAnswer>(items, Next: null, Faults: all.Faults.OrAbsent()));
    }

    [Function("ShowSource")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sources/{store}/{name}")] HttpRequest request,
        string store,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) =>
        await book.FindAsync(store, name, cancellationToken) is { } source
            ? Answers.Json(await answers.AnswerAsync(source, client, cancellationToken))
            : throw new SourceException(SourceFault.Missing, $"There is no source '{name}' in store '{store}'.");

    /// <summary>Counts so many objects at most: a container may have millions.</summary>
    [Function("PreviewSource")]
    public async Task<IResult> PreviewAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sources/preview")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        MediaSource wanted = ReadWanted(request).ToSource(by: "", time.GetUtcNow());
        await book.CheckAsync(wanted, cancellationToken);
        SourceCoverage coverage = await book.LoadCoverageAsync(wanted.Store, cancellationToken);
        try
        {
            SourceTally tally = await listing.CountAsync(wanted, new SourceCursor(), MaxCounted, cancellationToken);
            IObjectStore media = stores[wanted.Store].In(wanted.Container);
            return Answers.Json(
                new SourcePreview(
                    tally.Seen,
                    tally.Matched,
                    tally.Next is null,
                    [.. tally.Examples.Select(one => new PreviewedObject(media.Locate(one.Path).Key, one.Length))],
                    [.. coverage.All.Where(wanted.Overlaps).Select(source => source.Name)]
                )
            );
        }
        catch (ContainerException e)
        {
            throw RequestProblem.BadRequest(e.Message);
        }
    }

    private static AddSourceRequest ReadWanted(HttpRequest request)
    {
        string[] prefixes = [.. request.Query["prefix"].Select(prefix => prefix ?? "")],
            types = [.. request.Query["type"].Select(type => type ?? "")];
        return new AddSourceRequest(
            "preview",
            request.ReadOne("store") ?? "",
            request.ReadOne("container") ?? "",
            prefixes.Length > 0 ? prefixes : null,
            types
        );
    }
}
