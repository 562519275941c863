using System.Collections.Concurrent;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Sources;

/// <summary>The sources of every store: those of the settings, and those that were added as documents. Thread-safe.</summary>
public sealed class SourceBook(AssetStores stores, TimeProvider time)
{
    private const string Prefix = "sources/";

    /// <summary>Twenty prefixes of 512 characters, each of up to three bytes, leave room for the rest.</summary>
    private const int MaxDocumentBytes = 64 << 10;

    private readonly ConcurrentDictionary<string, PacedLook<SourceCoverage>> _recent = new(StringComparer.Ordinal); // by store

    /// <summary>Of all stores, the built-in one of each first; also those that were removed.</summary>
    public async Task<Listed<MediaSource>> ListAsync(CancellationToken cancellationToken)
    {
        Listed<MediaSource>[] all = await Task.WhenAll(stores.All.Select(store => ListAsync(store, cancellationToken)));
        return new([.. all.SelectMany(one => one.Items)], [.. all.SelectMany(one => one.Faults)]);
    }

    /// <summary>What is looked at in a store now. A document that cannot be read covers nothing.</summary>
    public async Task<SourceCoverage> LoadCoverageAsync(string store, CancellationToken cancellationToken) =>
        new((await ListAsync(stores[store], cancellationToken)).Items);

    /// <summary>The same for events, of which many come at once: what was true a moment ago will do.</summary>
    public Task<SourceCoverage> LoadRecentCoverageAsync(string store, CancellationToken cancellationToken) =>
        _recent
            .GetOrAdd(store, name => new PacedLook<SourceCoverage>(token => LoadCoverageAsync(name, token), time))
            .TakeAsync(cancellationToken);

    /// <summary>Null where there is none, and there was none.</summary>
    public async Task<MediaSource?> FindAsync(string store, string name, CancellationToken cancellationToken)
    {
        if (!stores.Has(store) || !SourceRules.IsName(name))
        {
            return null;
        }
        return name == MediaSource.BuiltInName
            ? MediaSource.BuiltInOf(stores[store])
            : (await DocumentOf(store, name).ReadAsync(cancellationToken))?.Value;
    }

    /// <summary>One of a name that was removed before takes its place, and counts on.</summary>
    /// <exception cref="SourceException">It is not allowed, its container is not there, or there is one of its name.</exception>
    public async Task<MediaSource> AddAsync(MediaSource source, CancellationToken cancellationToken)
    {
        await CheckAsync(source, cancellationToken);
        Listed<MediaSource> there = await ListAsync(stores[source.Store], cancellationToken);
        if (there.Items.Count(one => !one.IsBuiltIn) >= SourceRules.MaxSources && there.Items.All(one => one.Name != source.Name))
        {
            throw new SourceException(
                SourceFault.Conflict,
                $"Store {source.Store} has {SourceRules.MaxSources} sources, removed ones among them, which is the most allowed."
            );
        }
        Stored<MediaSource>? stands = await DocumentOf(source.Store, source.Name)
            .UpdateAsync(
                before =>
                    before switch
                    {
                        null => source with { Version = 1, Sync = 1 },
                        { State: SourceState.Removed } => source with { Version = before.Version + 1, Sync = before.Sync + 1 },
                        _ => throw new SourceException(
                            SourceFault.Conflict,
                            $"Store {source.Store} has a source '{source.Name}' already, of {before.Container}; change that one."
                        ),
                    },
                cancellationToken
            );
        return stands!.Value;
    }

    /// <summary>What <paramref name="change"/> gives back is checked; the same instance changes nothing.</summary>
    /// <exception cref="SourceException">There is no such source, or it is not allowed.</exception>
    public async Task<MediaSource> ChangeAsync(
        string store,
        string name,
        string by,
        Func<MediaSource, MediaSource> change,
        CancellationToken cancellationToken
    )
    {
        if (name == MediaSource.BuiltInName)
        {
            throw new SourceException(
                SourceFault.Conflict,
                $"Source '{name}' is the one of the settings of {store}; those alone change it."
            );
        }
        if (!stores.Has(store) || !SourceRules.IsName(name))
        {
            throw Missing(store, name);
        }
        Stored<MediaSource>? stands = await DocumentOf(store, name).UpdateAsync(Apply, cancellationToken);
        return stands?.Value ?? throw Missing(store, name);

        MediaSource? Apply(MediaSource? before)
        {
            MediaSource next = change(before is { State: not SourceState.Removed } ? before : throw Missing(store, name));
            if (ReferenceEquals(next, before))
            {
                return before;
            }
            SourceRules.Check(next, stores);
            return next with { Version = before.Version + 1, ChangedBy = by, Changed = time.GetUtcNow() };
        }
    }

    /// <summary>Notes of a source what the pipeline did, unless it was changed otherwise meanwhile.</summary>
    public Task NoteAsync(
        string store,
        string name,
        Func<MediaSource, bool> stillStands,
        Func<MediaSource, DateTimeOffset, MediaSource> note,
        CancellationToken cancellationToken
    ) =>
        DocumentOf(store, name)
            .UpdateAsync(before => before is not null && stillStands(before) ? note(before, time.GetUtcNow()) : before, cancellationToken);

    /// <exception cref="SourceException">It is not allowed, or its container is not there.</exception>
    public async Task CheckAsync(MediaSource source, CancellationToken cancellationToken)
    {
        SourceRules.Check(source, stores);
        try
        {
            if (!await stores[source.Store].HasContainerAsync(source.Container, cancellationToken))
            {
                throw new SourceException(
                    SourceFault.Invalid,
                    $"container is '{source.Container}', which the account of store {source.Store} does not have."
                );
            }
        }
        catch (ContainerException e)
        {
            throw new SourceException(SourceFault.Invalid, $"container is '{source.Container}'. {e.Message}");
        }
    }

    private async Task<Listed<MediaSource>> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        Listed<MediaSource> found = await ListedDocuments.ReadAsync(
            store.ListAsync(Prefix, cancellationToken),
            async (path, token) => (await DocumentOf(store.Name, Path.GetFileNameWithoutExtension(path)).ReadAsync(token))?.Value,
            int.MaxValue,
            cancellationToken
        );
        return found with { Items = [MediaSource.BuiltInOf(store), .. found.Items] };
    }

    private StoredDocument<MediaSource> DocumentOf(string store, string name) =>
        new(stores[store], $"{Prefix}{name}.json", MaxDocumentBytes, time);

    private static SourceException Missing(string store, string name) =>
        new(SourceFault.Missing, $"There is no source '{SourceRules.Excerpt(name)}' in store '{SourceRules.Excerpt(store)}'.");
}
