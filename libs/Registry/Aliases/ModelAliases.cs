using Serverless.Packages;
using Serverless.Registry.Signatures;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Which version each environment serves, moved by compare-and-swap only; every move is in the history. Thread-safe.</summary>
public sealed class ModelAliases
{
    private readonly IObjectStore _store;
    private readonly RegistryOptions _options;
    private readonly ModelRegistry _registry;
    private readonly VersionSignatures _signatures;
    private readonly HistoryWriter _writer;
    private readonly DeploymentHistory _history;

    internal ModelAliases(
        IObjectStore store,
        RegistryOptions options,
        ModelRegistry registry,
        VersionSignatures signatures,
        HistoryWriter writer,
        DeploymentHistory history
    ) => (_store, _options, _registry, _signatures, _writer, _history) = (store, options, registry, signatures, writer, history);

    /// <summary>Null where nothing serves.</summary>
    /// <exception cref="RegistryException">The alias was changed by other means than this library.</exception>
    public async Task<ModelAlias?> FindAsync(string environment, string name, CancellationToken cancellationToken)
    {
        _options.CheckEnvironment(environment);
        ModelVersion.CheckName(name);
        return ModelAlias.Of(await _writer.FindHeadAsync(environment, name, cancellationToken), environment, name);
    }

    /// <summary>The names that have, or had, an alias in an environment, in order.</summary>
    public async Task<IReadOnlyList<string>> ListNamesAsync(string environment, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (
            StoredObject found in _store.ListAsync(RegistryLayout.AliasPrefix(_options.CheckEnvironment(environment)), cancellationToken)
        )
        {
            names.Add(Path.GetFileNameWithoutExtension(found.Path));
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>
    /// Moves the alias if it is what the mover expects, and records it; answers what is there then, null where it was taken away.
    /// </summary>
    /// <exception cref="RegistryException">
    /// Something else is there than expected (Conflict); there is no such version (Missing), or it lacks a signature (Unsigned).
    /// </exception>
    public Task<ModelAlias?> MoveAsync(string environment, string name, AliasMove move, CancellationToken cancellationToken) =>
        MoveAsync(environment, name, move, _ => move.Expected, cancellationToken);

    /// <param name="expect">
    /// Says to what is there what it should be, in place of what the move itself expects; it may throw, and is asked again after each lost
    /// race.
    /// </param>
    public async Task<ModelAlias?> MoveAsync(
        string environment,
        string name,
        AliasMove move,
        Func<ModelAlias?, AliasExpectation> expect,
        CancellationToken cancellationToken
    )
    {
        _history.Check(environment, name, move.By, move.Why, move.Evidence);
        Task<ChainStart> looking = _writer.LookAsync(environment, name, cancellationToken);
        Task<ManifestObject?> loading = LoadAsync(environment, name, move.Version, cancellationToken);
        await Task.WhenAll(looking, loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ChainStart start = await looking;
        Check(environment, name, HistoryWriter.HeadOf(start.Head), expect); // before what is wrong with the version
        ManifestObject? target = await loading;
        HistoryHead? before = null;
        HistoryChange change = await _writer.ChangeAsync(
            environment,
            name,
            head =>
            {
                Check(environment, name, head, expect);
                before = head;
                return new(move.Event, move.Version, target?.Manifest.Digest, target?.Sha256, move.By, move.Why, move.Evidence);
            },
            start,
            cancellationToken
        );
        Task standing = target is null
            ? Task.CompletedTask
            : StandAsync(environment, target.Manifest.Id, before, change.Head, cancellationToken);
        await Task.WhenAll(change.Known, standing);
        return ModelAlias.Of(change.Head, environment, name);
    }

    private static void Check(string environment, string name, HistoryHead? head, Func<ModelAlias?, AliasExpectation> expect)
    {
        ModelAlias? found = ModelAlias.Of(head, environment, name);
        AliasExpectation expected = expect(found);
        if (!expected.Holds(found))
        {
            throw new RegistryException(
                RegistryFault.Conflict,
                $"The alias of {name} in {environment} was not moved: expected was {expected}, found was "
                    + $"{(found is null ? "nothing" : $"version {found.Version}, tag {found.Tag}")}."
            );
        }
    }

    private async Task<ManifestObject?> LoadAsync(string environment, string name, int? version, CancellationToken cancellationToken)
    {
        if (version is not { } number)
        {
            return null;
        }
        ManifestObject target = await _registry.LoadObjectAsync(new(name, number), cancellationToken);
        await _signatures.CheckAsync(target, environment, cancellationToken);
        return target;
    }

    /// <summary>
    /// Looks once more whether the version is there. Deletion marks a version first and then looks at the aliases: so of a move and a
    /// deletion at once at least one sees the other, and takes itself back.
    /// </summary>
    private async Task StandAsync(
        string environment,
        ModelVersion version,
        HistoryHead? before,
        HistoryHead after,
        CancellationToken cancellationToken
    )
    {
        if (await _registry.HoldsAsync(version, cancellationToken))
        {
            return;
        }
        HistoryRecord? earlier = before?.Load(environment, version.Name);
        await _writer.AppendAsync(
            environment,
            version.Name,
            head =>
                head?.Tag != after.Tag
                    ? throw RegistryException.Missing(version)
                    : new(
                        earlier?.Version is null ? HistoryEvent.Withdrawn : HistoryEvent.RolledBack,
                        earlier?.Version,
                        earlier?.Digest,
                        earlier?.Manifest,
                        "registry",
                        $"Version {version.Version} was deleted while the alias was moved to it.",
                        null
                    ),
            cancellationToken
        );
        throw RegistryException.Missing(version);
    }
}
