using Serverless.Storage;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <summary>
/// The runs, jobs or uploads that somebody chose to act on, by their ids, as they were when it was asked for: who joins or leaves the
/// filter later changes nothing.
/// </summary>
public sealed record RunSelection(IReadOnlyList<string> Runs);

/// <summary>What came of some of a selection so far, in its order.</summary>
/// <param name="Took">Whether each took the act.</param>
/// <param name="IsBegun">The act may have been done on the next one as well.</param>
/// <param name="Refusal">Why the first that did not take it was refused; null where all took it.</param>
public sealed record ActedRuns(IReadOnlyList<bool> Took, bool IsBegun, string? Refusal = null);

/// <summary>Keeps selections, each under the id of the run that acts on them. Thread-safe.</summary>
public sealed class RunSelections(IObjectStore store, TimeProvider time)
{
    /// <summary>Of one selection.</summary>
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

    /// <param name="from">The place in the selection at which these begin.</param>
    public async Task<ActedRuns> ReadActedAsync(string id, int from, CancellationToken cancellationToken) =>
        (await ActedOf(id, from).ReadAsync(cancellationToken))?.Value ?? new ActedRuns([], IsBegun: false);

    public Task KeepActedAsync(string id, int from, ActedRuns acted, CancellationToken cancellationToken) =>
        ActedOf(id, from).UpdateAsync(_ => acted, cancellationToken);

    private StoredDocument<ActedRuns> ActedOf(string id, int from) => new(store, $"{Folder}/{id}/{from:d5}.json", MaxBytes, time);

    private StoredDocument<RunSelection> DocumentOf(string id) => new(store, $"{Folder}/{id}.json", MaxBytes, time);
}
