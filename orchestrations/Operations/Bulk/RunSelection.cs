using Serverless.Storage;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <summary>
/// The runs that somebody chose to act on, as they were when it was asked for: who joins or leaves the filter later changes nothing.
/// </summary>
public sealed record RunSelection(IReadOnlyList<string> Runs);

/// <summary>Keeps selections, each under the id of the run that acts on them. Thread-safe.</summary>
public sealed class RunSelections(IObjectStore store, TimeProvider time)
{
    /// <summary>Runs of one selection.</summary>
    public const int MaxRuns = 10_000;

    private const string Folder = "operations/selections";
    private const int MaxBytes = 8 << 20;

    /// <summary>One that was kept before stays as it is.</summary>
    public Task CreateAsync(string id, RunSelection selection, CancellationToken cancellationToken) =>
        DocumentOf(id).CreateAsync(selection, cancellationToken);

    /// <exception cref="InvalidOperationException">Somebody removed it.</exception>
    public async Task<RunSelection> LoadAsync(string id, CancellationToken cancellationToken) =>
        (await DocumentOf(id).ReadAsync(cancellationToken))?.Value
        ?? throw new InvalidOperationException(
            $"The selection '{Folder}/{id}.json' is gone; the runs that it named are not known any more."
        );

    private StoredDocument<RunSelection> DocumentOf(string id) => new(store, $"{Folder}/{id}.json", MaxBytes, time);
}
