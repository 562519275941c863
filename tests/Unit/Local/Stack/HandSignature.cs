using System.Security.Cryptography;
using System.Text;

namespace Serverless.Unit.Local.Stack;

/// <summary>
/// Signatures of Amazon's version 4, made by hand so that what they are of need not be what is sent.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
/// </summary>
internal static class HandSignature
{
    public static string ScopeOf(string date) => $"{date[..8]}/us-east-1/s3/aws4_request";

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Of(string date, string canonicalRequest) =>
        OfLines(date, "AWS4-HMAC-SHA256", date, ScopeOf(date), HashOf(canonicalRequest));

    public static string OfLines(string date, params string[] lines)
    {
        byte[] key = ScopeOf(date)
            .Split('/')
            .Aggregate("AWS4S3RVER"u8.ToArray(), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}

/// <summary>Signs the chunks of one body, each over the one before it.</summary>
internal sealed class ChunkSigner(string date, string seed)
{
    private string _previous = seed;

    /// <summary>Without the line that ends the body where it is the last.</summary>
    public string Chunk(string data)
    {
        _previous = HandSignature.OfLines(
            date,
            "AWS4-HMAC-SHA256-PAYLOAD",
            date,
            HandSignature.ScopeOf(date),
            _previous,
            HandSignature.HashOf(""),
            HandSignature.HashOf(data)
        );
        string header = $"{data.Length:x};chunk-signature={_previous}\r\n";
        return data.Length == 0 ? header : $"{header}{data}\r\n";
    }

    public string Trailer(string line)
    {
        string signature = HandSignature.OfLines(
            date,
            "AWS4-HMAC-SHA256-TRAILER",
            date,
            HandSignature.ScopeOf(date),
            _previous,
            HandSignature.HashOf($"{line}\n")
        );
        return $"{line}\r\nx-amz-trailer-signature:{signature}\r\n\r\n";
    }
}
