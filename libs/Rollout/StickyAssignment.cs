using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace Serverless.Rollout;

/// <summary>
/// Where a key stands between 0 and 1 under a salt: always the same place, uniform over keys, and independent between salts
/// (64 bits of XXH3, xxhash.com). A key below a growing weight stays below it.
/// </summary>
public static class StickyAssignment
{
    private const int MaxStackBytes = 512;

    /// <returns>At least 0, below 1.</returns>
    public static double Position(string salt, string key)
    {
        int length = Encoding.UTF8.GetByteCount(salt) + 1 + Encoding.UTF8.GetByteCount(key);
        byte[]? rented = length > MaxStackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        try
        {
            Span<byte> bytes = rented is null ? stackalloc byte[MaxStackBytes] : rented;
            int at = Encoding.UTF8.GetBytes(salt, bytes);
            bytes[at++] = 0; // or salt "a" with key "bc" would stand where "ab" with "c" does
            Encoding.UTF8.GetBytes(key, bytes[at..]);
            return ToUnit(XxHash3.HashToUInt64(bytes[..length]));
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// The place of the n-th caller without a key: uniform, and the same for the same seed (SplitMix64; Steele, Lea, Flood 2014).
    /// </summary>
    internal static double Position(ulong seed, ulong n)
    {
        ulong z = seed + unchecked(n * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ToUnit(z ^ (z >> 31));
    }

    private static double ToUnit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
