using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Search.Documents;
using Azure.Search.Documents.Indexes;
using Azure.Search.Documents.Models;
using Serverless.Ingest.Searches;

namespace Serverless.AzureSearch;

/// <summary>
/// One index of a service: what is asked of it and written to it, with its faults named. Lives as long as the process; thread-safe.
/// </summary>
public sealed class ServiceClient
{
    /// <summary>The service takes 1,000 documents or 16 MB in a request.</summary>
    private const int MaxBatchDocuments = 500;
    private const long MaxBatchBytes = 8 << 20;
    private const int BytesOfNumber = 14; // of a single in JSON, about
    private const int BytesOfCharacter = 6; // where it is escaped
    private const int BytesBesides = 4_000;

    /// <summary>Of one document: 0.2 + 0.4 + 0.8 + 1.6 + 3.2 seconds between them.</summary>
    private const int MaxTries = 6;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.2);

    private readonly SearchIndexClient _indexes;
    private readonly SearchClient _documents;
    private readonly TimeProvider _time;

    /// <param name="transport">Null for the SDK's own.</param>
    public ServiceClient(SearchEngineOptions options, TimeProvider time, HttpPipelineTransport? transport = null)
    {
        SearchClientOptions client = new();
        client.Retry.MaxRetries = 3;
        client.Retry.Delay = FirstDelay;
        client.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        if (transport is not null)
        {
            client.Transport = transport;
        }
        Uri endpoint = options.Endpoint ?? throw new ArgumentException("The endpoint of the search service is not set.", nameof(options));
        _indexes = string.IsNullOrEmpty(options.Key)
            ? new SearchIndexClient(endpoint, new DefaultAzureCredential(), client)
            : new SearchIndexClient(endpoint, new AzureKeyCredential(options.Key), client);
        _documents = _indexes.GetSearchClient(options.Index);
        _time = time;
        Schema = new ServiceSchema(_indexes, options.Index);
    }

    internal ServiceSchema Schema { get; }

    /// <summary>An index that is not there yet is made when something is written to it.</summary>
    internal Task CheckAsync(CancellationToken cancellationToken) => AskAsync(() => Schema.FindAsync(cancellationToken), cancellationToken);

    /// <summary>Null where there is no such document.</summary>
    internal Task<ServiceDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                try
                {
                    return (ServiceDocument?)
                        (await _documents.GetDocumentAsync<ServiceDocument>(id, cancellationToken: cancellationToken)).Value;
                }
                catch (RequestFailedException e) when (e.Status == 404)
                {
                    return null;
                }
            },
            cancellationToken
        );

    /// <summary>The best first, as many as the options allow; nothing while there is no index.</summary>
    internal Task<IReadOnlyList<ServiceHit>> SearchAsync(string? text, SearchOptions options, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<ServiceHit>>(
            async () =>
            {
                List<ServiceHit> hits = [];
                try
                {
                    SearchResults<ServiceDocument> results = await _documents.SearchAsync<ServiceDocument>(
                        text,
                        options,
                        cancellationToken
                    );
                    await foreach (SearchResult<ServiceDocument> result in results.GetResultsAsync().WithCancellation(cancellationToken))
                    {
                        hits.Add(new ServiceHit(result.Document, result.Score ?? 0));
                    }
                }
                catch (RequestFailedException e) when (e.Status == 404) { }
                return hits;
            },
            cancellationToken
        );

    /// <summary>All documents that a filter admits, by their ids.</summary>
    internal async IAsyncEnumerable<ServiceDocument> ListAsync(
        string filter,
        IReadOnlyList<string> fields,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? after = null;
        while (true)
        {
            SearchOptions options = new()
            {
                Filter = after is null ? filter : $"({filter}) and {ServiceFields.Id} gt {ODataFilter.Quote(after)}",
                Size = ODataFilter.MaxResults,
                OrderBy = { ServiceFields.Id },
                Select = { ServiceFields.Id },
            };
            foreach (string field in fields)
            {
                options.Select.Add(field);
            }
            IReadOnlyList<ServiceHit> page = await SearchAsync("*", options, cancellationToken);
            foreach (ServiceHit hit in page)
            {
                yield return hit.Document;
            }
            if (page.Count < ODataFilter.MaxResults)
            {
                yield break;
            }
            after = page[^1].Document.Id;
        }
    }

    internal Task UploadAsync(IEnumerable<SearchDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents.Select(IndexDocumentsAction.Upload), cancellationToken);

    internal Task DeleteAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        WriteAsync(ids.Select(id => IndexDocumentsAction.Delete(new SearchDocument { [ServiceFields.Id] = id })), cancellationToken);

    private async Task WriteAsync(IEnumerable<IndexDocumentsAction<SearchDocument>> actions, CancellationToken cancellationToken)
    {
        List<IndexDocumentsAction<SearchDocument>> batch = [];
        long bytes = 0;
        foreach (IndexDocumentsAction<SearchDocument> action in actions)
        {
            long size = BytesOf(action.Document);
            if (batch.Count > 0 && (batch.Count == MaxBatchDocuments || bytes + size > MaxBatchBytes))
            {
                await WriteBatchAsync(batch, cancellationToken);
                (batch, bytes) = ([], 0);
            }
            batch.Add(action);
            bytes += size;
        }
        if (batch.Count > 0)
        {
            await WriteBatchAsync(batch, cancellationToken);
        }
    }

    /// <summary>A batch may be done in part: what was not is tried again by itself.</summary>
    private async Task WriteBatchAsync(List<IndexDocumentsAction<SearchDocument>> batch, CancellationToken cancellationToken)
    {
        List<IndexDocumentsAction<SearchDocument>> left = batch;
        TimeSpan delay = FirstDelay;
        for (int tries = 1; ; tries++)
        {
            IReadOnlyList<IndexingResult> results = await AskAsync(
                async () =>
                    (
                        await _documents.IndexDocumentsAsync(
                            IndexDocumentsBatch.Create([.. left]),
                            new IndexDocumentsOptions { ThrowOnAnyError = false },
                            cancellationToken
                        )
                    )
                        .Value
                        .Results,
                cancellationToken
            );
            Dictionary<string, IndexingResult> failed = results
                .Where(result => !result.Succeeded)
                .ToDictionary(result => result.Key, StringComparer.Ordinal);
            if (failed.Count == 0)
            {
                return;
            }
            IndexingResult worst = failed.Values.FirstOrDefault(result => !IsTransient(result.Status)) ?? failed.Values.First();
            if (!IsTransient(worst.Status) || tries == MaxTries)
            {
                throw new SearchServiceException(
                    $"The search service did not take {failed.Count} of {batch.Count} documents, '{worst.Key}' among them: "
                        + $"{worst.Status} {worst.ErrorMessage}",
                    worst.Status
                );
            }
            left = [.. left.Where(action => failed.ContainsKey((string)action.Document[ServiceFields.Id]))];
            await Task.Delay(delay, _time, cancellationToken);
            delay *= 2;
        }
    }

    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (RequestFailedException e)
        {
            throw new SearchServiceException($"The search service answered {e.Status}: {FirstLineOf(e.Message)}", e.Status, e);
        }
        catch (AuthenticationFailedException e)
        {
            throw new SearchServiceException($"The identity for the search service has no token: {FirstLineOf(e.Message)}", 401, e);
        }
        // Of the SDK, when all of its tries failed or came to no end.
        catch (Exception e) when (e is AggregateException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Exception last = (e as AggregateException)?.InnerExceptions[^1] ?? e;
            throw new SearchServiceException($"The search service cannot be reached: {FirstLineOf(last.Message)}", status: 0, e);
        }
    }

    /// <summary>Version conflicts, and a service or an index that is busy.</summary>
    private static bool IsTransient(int status) => status is 409 or 422 or 429 or >= 500;

    private static string FirstLineOf(string message) => message.Split('\n')[0].TrimEnd();

    private static long BytesOf(SearchDocument document) =>
        BytesBesides
        + document.Sum(field =>
            field.Value switch
            {
                string text => (long)BytesOfCharacter * text.Length,
                float[] vector => (long)BytesOfNumber * vector.Length,
                _ => 0,
            }
        );
}
