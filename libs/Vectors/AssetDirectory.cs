using System.Text;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>Where the newest known version of an asset is: among which rows, and as which of their assets.</summary>
internal readonly record struct AssetPlace(IRows Rows, int Asset);

/// <summary>
/// All assets that the index knows, numbered in the order in which it met them. Names stay where the rows are and are only compared here:
/// an asset takes about 45 bytes. For one thread at a time.
/// </summary>
internal sealed class AssetDirectory : IEqualityComparer<int>, IAlternateEqualityComparer<ReadOnlySpan<byte>, int>
{
    public const int BytesEach = 45;
    private readonly List<AssetPlace> _places = [];
    private readonly HashSet<int> _ordinals;
    private readonly HashSet<int>.AlternateLookup<ReadOnlySpan<byte>> _byName;

    public AssetDirectory()
    {
        _ordinals = new HashSet<int>(this);
        _byName = _ordinals.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _places.Count;

    public AssetPlace this[int ordinal]
    {
        get => _places[ordinal];
        set => _places[ordinal] = value;
    }

    public bool TryFind(string asset, out int ordinal) => TryFind(Encoding.UTF8.GetBytes(asset), out ordinal);

    public bool TryFind(ReadOnlySpan<byte> asset, out int ordinal) => _byName.TryGetValue(asset, out ordinal);

    public int Add(AssetPlace place)
    {
        _places.Add(place);
        _ordinals.Add(_places.Count - 1);
        return _places.Count - 1;
    }

    bool IEqualityComparer<int>.Equals(int x, int y) => x == y || NameOf(x).SequenceEqual(NameOf(y));

    int IEqualityComparer<int>.GetHashCode(int ordinal) => HashOf(NameOf(ordinal));

    bool IAlternateEqualityComparer<ReadOnlySpan<byte>, int>.Equals(ReadOnlySpan<byte> name, int ordinal) =>
        name.SequenceEqual(NameOf(ordinal));

    int IAlternateEqualityComparer<ReadOnlySpan<byte>, int>.GetHashCode(ReadOnlySpan<byte> name) => HashOf(name);

    int IAlternateEqualityComparer<ReadOnlySpan<byte>, int>.Create(ReadOnlySpan<byte> name) =>
        throw new NotSupportedException("Assets are added by their place.");

    private static int HashOf(ReadOnlySpan<byte> name)
    {
        HashCode hash = new();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<byte> NameOf(int ordinal) => _places[ordinal].Rows.AssetId(_places[ordinal].Asset);
}
