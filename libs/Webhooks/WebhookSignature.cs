using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Webhooks;

/// <summary>
/// Signs and verifies requests by the Standard Webhooks scheme (standardwebhooks.com): HMAC-SHA256 over id, timestamp and body.
/// A repeated request verifies again within the tolerance, so what it causes must be idempotent. Thread-safe.
/// </summary>
public sealed class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const string Scheme = "v1,";
    private const int MinKeyBytes = 24; // the scheme's own minimum

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[] _key;
    private readonly TimeProvider _time;

    /// <param name="signingKey">Base64 of the shared key, with or without the prefix <c>whsec_</c>.</param>
    public WebhookSignature(string signingKey, TimeProvider time)
    {
        string encoded = signingKey.StartsWith(SecretPrefix, StringComparison.Ordinal) ? signingKey[SecretPrefix.Length..] : signingKey;
        byte[] key = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, key, out int length) || length < MinKeyBytes)
        {
            throw new ArgumentException($"A signing key must be the base64 of at least {MinKeyBytes} bytes.", nameof(signingKey));
        }
        _key = key[..length];
        _time = time;
    }

    public IReadOnlyDictionary<string, string> Sign(string id, ReadOnlySpan<byte> body)
    {
        string timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            [IdHeader] = id,
            [TimestampHeader] = timestamp,
            [SignatureHeader] = Scheme + Convert.ToBase64String(Mac(id, timestamp, body)),
        };
    }

    /// <summary>
    /// Null when the request is genuine and fresh; otherwise what is wrong with it, without a hint at the right signature.
    /// </summary>
    public string? Verify(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body)
    {
        if (FaultOfHeaders(id, timestamp, signatures) is { } fault)
        {
            return fault;
        }
        byte[] expected = Mac(id!, timestamp!, body);
        // Several signatures, separated by spaces, let a key be rotated.
        foreach (string candidate in signatures!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Matches(candidate, expected))
            {
                return null;
            }
        }
        return $"The header {SignatureHeader} holds no signature of this request by the shared key.";
    }

    /// <summary>What can be told before the body has come: null where the headers are those of a fresh, signed request.</summary>
    public string? FaultOfHeaders(string? id, string? timestamp, string? signatures)
    {
        if (string.IsNullOrEmpty(id))
        {
            return $"The header {IdHeader} is missing.";
        }
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return $"The header {TimestampHeader} must be whole seconds since 1970.";
        }
        if (Math.Abs(_time.GetUtcNow().ToUnixTimeSeconds() - (double)seconds) > Tolerance.TotalSeconds)
        {
            return $"The header {TimestampHeader} is more than {Tolerance.TotalMinutes} minutes away from the clock here.";
        }
        return string.IsNullOrEmpty(signatures) ? $"The header {SignatureHeader} is missing." : null;
    }

    private static bool Matches(string candidate, byte[] expected)
    {
        byte[] given = new byte[SHA256.HashSizeInBytes];
        return candidate.StartsWith(Scheme, StringComparison.Ordinal)
            && Convert.TryFromBase64String(candidate[Scheme.Length..], given, out int length)
            && length == given.Length
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private byte[] Mac(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
