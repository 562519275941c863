using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Serverless.Ingest.Searches;

/// <summary>
/// What the pages of a search have given so far, by hash: the next one is the best of the rest. Ranks and scores move with every upload and
/// deletion, so that no place in an order says where a page ended; of 1,000 results two share a hash once in ten thousand searches.
/// </summary>
public sealed class SearchCursor
{
    private const int FixedBytes = sizeof(long);
    private const int MaxBytes = FixedBytes + AssetSearch.Depth * sizeof(uint);

    private readonly HashSet<uint> _given;

    private SearchCursor(DateTimeOffset asOf, HashSet<uint> given) => (AsOf, _given) = (asOf, given);

    /// <summary>The longest text that <see cref="Write"/> makes.</summary>
    public static int MaxCharacters { get; } = Base64Url.GetEncodedLength(MaxBytes);

    /// <summary>When the first page was asked for: what was uploaded since is on none.</summary>
    public DateTimeOffset AsOf { get; }

    /// <param name="contents">Of the page.</param>
    public static SearchCursor After(SearchCursor? before, DateTimeOffset asOf, IEnumerable<string> contents) =>
        new(asOf, [.. before?._given ?? [], .. contents.Select(HashOf)]);

    public bool HasGiven(string content) => _given.Contains(HashOf(content));

    public string Write()
    {
        byte[] bytes = new byte[FixedBytes + _given.Count * sizeof(uint)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, AsOf.UtcTicks);
        int at = FixedBytes;
        foreach (uint hash in _given.Order())
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), hash);
            at += sizeof(uint);
        }
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null of what <see cref="Write"/> did not write.</summary>
    public static SearchCursor? Read(string text)
    {
        if (text.Length > MaxCharacters || !Base64Url.IsValid(text))
        {
            return null;
        }
        byte[] bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= FixedBytes || (bytes.Length - FixedBytes) % sizeof(uint) != 0)
        {
            return null;
        }
        long ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return null;
        }
        HashSet<uint> given = [];
        for (int at = FixedBytes; at < bytes.Length; at += sizeof(uint))
        {
            given.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)));
        }
        return new SearchCursor(new DateTimeOffset(ticks, TimeSpan.Zero), given);
    }

    private static uint HashOf(string content) => (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(content.AsSpan()));
}
