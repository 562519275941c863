using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// Which document of a part of the index has which place. A part never changes, so it is read once, when the first filter asks it, and its
/// keys go with it: 16 bytes a document. Thread-safe.
/// </summary>
internal sealed class PlaceTables
{
    private readonly ConditionalWeakTable<object, PlaceKeys> _keys = [];

    public PlaceKeys Of(AtomicReader reader, PlaceHash hash) => _keys.GetValue(reader.CoreCacheKey, _ => Read(reader, hash));

    private static PlaceKeys Read(AtomicReader reader, PlaceHash hash)
    {
        PlaceKeys keys = new(new ulong[reader.MaxDoc], new ulong[reader.MaxDoc]);
        if (reader.GetSortedDocValues(WordFields.Asset) is { } names && reader.GetBinaryDocValues(WordFields.Place) is { } places)
        {
            // Each of its own: what a name is read into may be the reader's, and a place must not be written over it.
            (BytesRef name, BytesRef place) = (new(), new());
            (int last, ulong key) = (-1, 0);
            for (int document = 0; document < reader.MaxDoc; document++)
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
                places.Get(document, place);
                (keys.Assets[document], keys.Places[document]) = (key, hash(key, SpanOf(place)));
            }
        }
        return keys;
    }

    private static ReadOnlySpan<byte> SpanOf(BytesRef bytes) => bytes.Bytes.AsSpan(bytes.Offset, bytes.Length);
}
