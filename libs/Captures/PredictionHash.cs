using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Serverless.Captures;

/// <summary>For what predictions are chosen; a choice for one purpose says nothing of the choice for another.</summary>
public enum HashPurpose
{
    Captures,
    Vectors,
    Drift,
    Exports,
    Feedback,
}

/// <summary>
/// Chooses predictions by their ids: evenly over all, and the same wherever it is asked, so that those with the least hashes are a fair
/// sample and a prediction that comes twice is one.
/// </summary>
public static class PredictionHash
{
    private const int ShareBits = 53; // of a double

    public static ulong Of(string id, HashPurpose purpose) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan()), (long)purpose);

    /// <summary>Whether a hash is among the share with the least ones.</summary>
    public static bool IsWithin(ulong hash, double share) => share >= 1 || (hash >> (64 - ShareBits)) < share * (1L << ShareBits);
}
