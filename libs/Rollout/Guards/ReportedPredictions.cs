using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Serverless.Rollout.Guards;

/// <summary>
/// Of which predictions the outcome was counted, so that who repeats a report does not repeat its weight. A Bloom filter (Bloom 1970) of
/// 4 KiB, empty until the first: it forgets none, and takes a few new ones for known, 1 in 100 of the first 2,000, whatever
/// their outcome. Mutable, not thread-safe; serialised between looks.
/// </summary>
public sealed class ReportedPredictions
{
    private const int Bytes = 4 << 10;

    [JsonInclude]
    public byte[] Filter { get; private set; } = [];

    /// <summary>False when it was counted before.</summary>
    public bool TryAdd(string predictionId)
    {
        if (Filter.Length != Bytes)
        {
            Filter = new byte[Bytes];
        }
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(predictionId.AsSpan()));
        // Not short-circuited: both bits are set.
        return Set((uint)hash) | Set((uint)(hash >> 32));
    }

    /// <summary>Whether it was not set before.</summary>
    private bool Set(uint hash)
    {
        (int at, int bit) = ((int)(hash / 8 % Bytes), 1 << (int)(hash % 8));
        bool isNew = (Filter[at] & bit) == 0;
        Filter[at] |= (byte)bit;
        return isNew;
    }
}
