using System.Text;
using System.Text.Json;

namespace Serverless.Registry.Signatures.Signing;

/// <summary>
/// A bundle as model.sig holds it: a DSSE envelope (secure-systems-lab/dsse, protocol.md 1.0) in a Sigstore bundle 0.3, as the OpenSSF
/// Model Signing specification 1.0 says.
/// </summary>
/// <param name="KeyHint">Of a signature by a key; null where the bundle names none, as older ones did.</param>
/// <param name="Certificates">Of a signature by a certificate, in DER, the signer's first; else none.</param>
/// <param name="Payload">The statement, as it was signed.</param>
internal sealed record SigningBundle(string? KeyHint, IReadOnlyList<byte[]> Certificates, byte[] Payload, byte[] Signature)
{
    public const string FileName = "model.sig";
    public const int MaxBytes = 4 << 20;
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>10,000 characters of certificates are more than any chain has.</summary>
    private const int MaxCertificates = 10;

    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>What is signed: DSSE's pre-authentication encoding.</summary>
    public byte[] SignedBytes() => EncodingOf(Payload);

    public static byte[] EncodingOf(ReadOnlySpan<byte> payload) =>
        [.. Encoding.ASCII.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];

    /// <exception cref="SignatureFaultException">It is no bundle that can be verified here.</exception>
    public static SigningBundle Read(ReadOnlyMemory<byte> file)
    {
        using JsonDocument document = Parse(file);
        JsonElement bundle = document.RootElement;
        if (Text(bundle, "mediaType") is var type && type != MediaType)
        {
            throw Fault($"the media type '{type}'", MediaType);
        }
        JsonElement material = Member(bundle, "verificationMaterial");
        JsonElement envelope = Member(bundle, "dsseEnvelope");
        if (Text(envelope, "payloadType") is var payload && payload != PayloadType)
        {
            throw Fault($"the payload type '{payload}'", PayloadType);
        }
        JsonElement[] signatures = Items(envelope, "signatures");
        if (signatures.Length != 1)
        {
            throw Fault($"{signatures.Length} signatures", "one");
        }
        (string? hint, byte[][] certificates) = ReadMaterial(material);
        return new SigningBundle(hint, certificates, Bytes(envelope, "payload"), Bytes(signatures[0], "sig"));
    }

    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json, Bounds);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw Fault($"malformed JSON ({e.Message})", "a Sigstore bundle");
        }
    }

    public static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement found)
            ? found
            : throw Fault($"no \"{name}\"", "one, as the specification of model signing has it");

    public static string Text(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw Fault($"a \"{name}\" that is no text", "a text");

    public static JsonElement[] Items(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Array } items
            ? [.. items.EnumerateArray()]
            : throw Fault($"a \"{name}\" that is no list", "a list");

    /// <summary>By a key that whoever verifies has, or by a certificate with its chain; both need nothing of a network.</summary>
    private static (string? Hint, byte[][] Certificates) ReadMaterial(JsonElement material)
    {
        if (material.ValueKind == JsonValueKind.Object && material.TryGetProperty("publicKey", out JsonElement key))
        {
            return (key.ValueKind == JsonValueKind.Object && key.TryGetProperty("hint", out _) ? Text(key, "hint") : null, []);
        }
        if (material.ValueKind == JsonValueKind.Object && material.TryGetProperty("x509CertificateChain", out JsonElement chain))
        {
            JsonElement[] certificates = Items(chain, "certificates");
            return certificates.Length is > 0 and <= MaxCertificates
                ? (null, [.. certificates.Select(certificate => Bytes(certificate, "rawBytes"))])
                : throw Fault($"{certificates.Length} certificates", $"1 to {MaxCertificates}");
        }
        throw Fault(
            material.ValueKind == JsonValueKind.Object && material.TryGetProperty("certificate", out _)
                ? "a signature without a lasting key (\"certificate\", with an entry of a log)"
                : "neither a key nor a certificate",
            "\"publicKey\" or \"x509CertificateChain\", which are verified without a network"
        );
    }

    private static byte[] Bytes(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text && text.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw Fault($"a \"{name}\" that is no base64", "base64");

    private static SignatureFaultException Fault(string found, string expected) => new(FileName, found, expected);
}
