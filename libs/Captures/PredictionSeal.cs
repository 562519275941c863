using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Captures;

/// <summary>
/// Seals the ids of predictions with a key: only an id that this service gave is believed, and it knows the label that was answered, so
/// that feedback with a label needs no look-up. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// The seal is a tag of the id and its label, and a tag of both: HMAC-SHA256 (RFC 2104), cut to 48 and 72 bits. Whoever guesses is let
/// know nothing and has one try in 2^72 an answer.
/// </remarks>
public sealed class PredictionSeal(ReadOnlyMemory<byte> key)
{
    /// <summary>Of a seal: 15 bytes as base64url.</summary>
    public const int Characters = 20;

    private const int LabelBytes = 6;
    private const int IdBytes = 9;

    /// <param name="label">The best label that was answered; null where there is none to compare.</param>
    public PredictionId Seal(PredictionId id, string? label)
    {
        PredictionId bare = id with { Seal = null };
        Span<byte> seal = stackalloc byte[LabelBytes + IdBytes];
        if (label is not null)
        {
            Tag($"label\n{bare}\n{label}", seal[..LabelBytes]);
        }
        Tag($"id\n{bare}\n{Convert.ToHexString(seal[..LabelBytes])}", seal[LabelBytes..]);
        return id with { Seal = Base64Url.EncodeToString(seal) };
    }

    /// <summary>Whether this key sealed the id; false of one without a seal.</summary>
    public bool IsSealed(PredictionId id)
    {
        if (Read(id) is not { } seal)
        {
            return false;
        }
        Span<byte> expected = stackalloc byte[IdBytes];
        Tag($"id\n{id with { Seal = null }}\n{Convert.ToHexString(seal.AsSpan(0, LabelBytes))}", expected);
        return CryptographicOperations.FixedTimeEquals(expected, seal.AsSpan(LabelBytes));
    }

    /// <summary>Whether a sealed id's prediction answered this label, letter for letter; null where it had none to compare.</summary>
    public bool? Answered(PredictionId id, string label)
    {
        if (Read(id) is not { } seal || !seal.AsSpan(0, LabelBytes).ContainsAnyExcept((byte)0))
        {
            return null;
        }
        Span<byte> expected = stackalloc byte[LabelBytes];
        Tag($"label\n{id with { Seal = null }}\n{label}", expected);
        return CryptographicOperations.FixedTimeEquals(expected, seal.AsSpan(0, LabelBytes));
    }

    private static byte[]? Read(PredictionId id)
    {
        byte[] seal = new byte[LabelBytes + IdBytes];
        return id.Seal?.Length == Characters && Base64Url.TryDecodeFromChars(id.Seal, seal, out int read) && read == seal.Length
            ? seal
            : null;
    }

    private void Tag(string text, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text), whole);
        whole[..tag.Length].CopyTo(tag);
    }
}
