using System.Collections.Frozen;
using Serverless.Storage;

namespace Serverless.Ingest;

/// <summary>The stores this process may reach, by the name that an <see cref="AssetSource"/> carries.</summary>
public sealed class AssetStores(IEnumerable<IObjectStore> stores)
{
    private readonly FrozenDictionary<string, IObjectStore> _byName = stores.ToFrozenDictionary(
        store => store.Name,
        StringComparer.Ordinal
    );

    public IReadOnlyList<IObjectStore> All => _byName.Values;

    public IObjectStore this[string name] =>
        _byName.TryGetValue(name, out IObjectStore? store)
            ? store
            : throw new ArgumentException(
                $"Store '{name}' is not configured here; configured are: {string.Join(", ", _byName.Keys)}.",
                nameof(name)
            );

    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>
    /// The store as it reaches the object itself, which may lie in another container or bucket than what is made of it: that is in the
    /// store of its name.
    /// </summary>
    public IObjectStore MediaOf(AssetSource source) => this[source.Store].In(source.Container);

    /// <summary>The object's path in <see cref="MediaOf"/>.</summary>
    public string PathOf(AssetSource source) => MediaOf(source).PathOf(source.Container, source.Key);

    /// <summary>The source that an object of a listing, or an event, stands for.</summary>
    public static AssetSource SourceOf(IObjectStore store, StoredObject stored)
    {
        (string container, string key) = store.Locate(stored.Path);
        return new AssetSource(store.Name, container, key, stored.Version);
    }
}
