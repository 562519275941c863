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

    private const string Scheme = "v1,";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly SigningKeys _keys;
    private readonly TimeProvider _time;

    public WebhookSignature(SigningKeys keys, TimeProvider time) => (_keys, _time) = (keys, time);

    /// <param name="signingKeys">Base64 of the shared key, with or without the prefix <c>whsec_</c>; of several, apart by spaces.</param>
    public WebhookSignature(string signingKeys, TimeProvider time)
        : this(SigningKeys.Of(signingKeys), time) { }

    public IReadOnlyDictionary<string, string> Sign(string id, ReadOnlySpan<byte> body)
    {
        string timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            [IdHeader] = id,
            [TimestampHeader] = timestamp,
            [SignatureHeader] = Signatures(id, timestamp, body),
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
        // Several signatures, separated by spaces, and several keys let a key be rotated.
        string[] candidates = signatures!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (byte[] key in _keys.Current)
        {
            byte[] expected = Mac(key, id!, timestamp!, body);
            if (candidates.Any(candidate => Matches(candidate, expected)))
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

    private string Signatures(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        List<string> signatures = [];
        foreach (byte[] key in _keys.Current)
        {
            signatures.Add(Scheme + Convert.ToBase64String(Mac(key, id, timestamp, body)));
        }
        return string.Join(' ', signatures);
    }

    private static byte[] Mac(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
