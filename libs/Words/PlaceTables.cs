using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>Names an asset, and with its name as seed a place of it, as others name it whose places are filtered.</summary>
public delegate ulong PlaceHash(ulong seed, ReadOnlySpan<byte> name);

/// <summary>
/// Which document of a part of the index has which place. A part never changes, so it is read once, when the first filter asks it, and
/// its table goes with it. About 50 bytes a place. Thread-safe.
/// </summary>
internal sealed class PlaceTables
{
    private readonly ConditionalWeakTable<object, PlaceTable> _tables = [];

    public PlaceTable Of(AtomicReader reader, PlaceHash hash) => _tables.GetValue(reader.CoreCacheKey, _ => PlaceTable.Read(reader, hash));
}

/// <param name="Assets">The key of the asset of each document; 0 of those without a place.</param>
/// <param name="Places">That of its place.</param>
/// <param name="Documents">The last document with each place.</param>
/// <param name="Before">
/// Of each document another one with the same place, below 0 for none: a shot and what is said in it may have the same time. Null where no
/// place has two.
/// </param>
internal sealed record PlaceTable(ulong[] Assets, ulong[] Places, Dictionary<ulong, int> Documents, int[]? Before)
{
    public static PlaceTable Read(AtomicReader reader, PlaceHash hash)
    {
        (ulong[] assets, ulong[] placeKeys) = (new ulong[reader.MaxDoc], new ulong[reader.MaxDoc]);
        Dictionary<ulong, int> documents = new(reader.MaxDoc);
        int[]? before = null;
        if (reader.GetSortedDocValues(WordFields.Asset) is { } names && reader.GetBinaryDocValues(WordFields.Place) is { } places)
        {
            // Each of its own: what a name is read into may be the reader's, and a place must not be written over it.
            (BytesRef name, BytesRef place) = (new(), new());
            (int last, ulong key) = (-1, 0);
            for (int document = 0; document < assets.Length; document++)
            {
                if (names.GetOrd(document) is var asset && asset < 0)
                {
                    continue;
                }
                if (asset != last)
                {
                    names.LookupOrd(asset, name);
                    (last, key) = (asset, hash(0, SpanOf(name)));
                }
                assets[document] = key;
                places.Get(document, place);
                placeKeys[document] = hash(key, SpanOf(place));
                if (documents.TryGetValue(placeKeys[document], out int other))
                {
                    before ??= [.. Enumerable.Repeat(-1, assets.Length)];
                    before[document] = other;
                }
                documents[placeKeys[document]] = document;
            }
        }
        return new PlaceTable(assets, placeKeys, documents, before);
    }

    private static ReadOnlySpan<byte> SpanOf(BytesRef bytes) => bytes.Bytes.AsSpan(bytes.Offset, bytes.Length);
}
