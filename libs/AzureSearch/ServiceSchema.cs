using Azure;
using Azure.Search.Documents.Indexes;
using Azure.Search.Documents.Indexes.Models;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Searches;

namespace Serverless.AzureSearch;

/// <summary>
/// Makes the index where there is none, and gives it the fields that it lacks: one of vectors for each space, and later ones. Thread-safe.
/// </summary>
internal sealed class ServiceSchema(SearchIndexClient client, string name)
{
    private const int MaxTries = 5;

    /// <exception cref="SearchServiceException">An index of that name has another schema, or the service cannot be asked.</exception>
    public async Task EnsureAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        for (int tries = 1; tries <= MaxTries; tries++)
        {
            try
            {
                await EnsureOnceAsync(space, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                // Another process made or changed it meanwhile: it is looked at again.
            }
        }
        throw new SearchServiceException($"Index '{name}' was changed by others {MaxTries} times while it was to be given fields.", 409);
    }

    private async Task EnsureOnceAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        SearchField vectors = ServiceFields.Vectors(space);
        if (await FindAsync(cancellationToken) is not { } index)
        {
            SearchIndex made = ServiceFields.CreateIndex(name);
            made.Fields.Add(vectors);
            await client.CreateIndexAsync(made, cancellationToken);
            return;
        }
        string[] differences = [.. ServiceFields.Basic().Append(vectors).Select(field => DifferenceOf(index, field)).OfType<string>()];
        if (differences.Length > 0)
        {
            throw new SearchServiceException($"Index '{name}' has another schema: {string.Join("; ", differences)}.", 409);
        }
        SearchField[] missing =
        [
            .. ServiceFields.Later.Append(vectors).Where(field => index.Fields.All(there => there.Name != field.Name)),
        ];
        if (missing.Length == 0)
        {
            return;
        }
        foreach (SearchField field in missing)
        {
            index.Fields.Add(field);
        }
        await client.CreateOrUpdateIndexAsync(index, allowIndexDowntime: false, onlyIfUnchanged: true, cancellationToken);
    }

    /// <summary>Null while there is none.</summary>
    public async Task<SearchIndex?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetIndexAsync(name, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Only fields of vectors and later ones may be missing: those are added.</summary>
    private static string? DifferenceOf(SearchIndex index, SearchField wanted)
    {
        SearchField? there = index.Fields.FirstOrDefault(field => field.Name == wanted.Name);
        if (there is null)
        {
            bool isAdded = wanted.VectorSearchDimensions is not null || ServiceFields.Later.Any(field => field.Name == wanted.Name);
            return isAdded ? null : $"field '{wanted.Name}' is missing";
        }
        string found = Describe(there),
            expected = Describe(wanted);
        return found == expected ? null : $"field '{wanted.Name}' is {found}; expected is {expected}";
    }

    private static string Describe(SearchField field) =>
        string.Join(
            ", ",
            new[]
            {
                $"{field.Type}",
                field.IsKey == true ? "key" : "",
                field.IsSearchable == true ? "searchable" : "",
                field.IsFilterable == true ? "filterable" : "",
                field.AnalyzerName is { } analyzer ? $"{analyzer}" : "",
                field.VectorSearchDimensions is { } dimensions ? $"{dimensions} dimensions" : "",
            }.Where(part => part.Length > 0)
        );
}
