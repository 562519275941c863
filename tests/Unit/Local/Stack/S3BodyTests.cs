using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Stack;

/// <summary>Bodies that are not what their request says: local/Stack/s3.mjs stores none of them.</summary>
public sealed class S3BodyTests(SharedServers servers)
{
    private const string Chunked = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 5, "")]
    [InlineData("2;chunk-signature=00\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 5, "")]
    [InlineData("3\r\nhello\r\n0\r\n\r\n", 5, "IncompleteBody")]
    [InlineData("ff\r\nhello\r\n0\r\n\r\n", 5, "IncompleteBody")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n", 5, "IncompleteBody")]
    [InlineData("zz\r\nhello\r\n0\r\n\r\n", 5, "IncompleteBody")]
    [InlineData("fffffffffffffffff\r\nhello\r\n0\r\n\r\n", 5, "IncompleteBody")]
    [InlineData("5\r\nhello\r\n", 5, "IncompleteBody")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 50, "IncompleteBody")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 2, "IncompleteBody")]
    [InlineData("", 5, "IncompleteBody")]
    public async Task Put_InChunks_IsStoredOnlyWhereTheirLengthsAreTrue(string body, int length, string code)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();

        string found = await PutAsync(options, body, Chunked, ("x-amz-decoded-content-length", $"{length}"));

        Assert.Equal(code, found);
        Assert.Equal(code.Length == 0 ? 5 : null, await LengthAsync(options));
    }

    [Theory]
    [InlineData(false, "", "")]
    [InlineData(false, "hello", "SignatureDoesNotMatch")] // what is signed
    [InlineData(false, "world", "SignatureDoesNotMatch")]
    [InlineData(true, "", "")]
    [InlineData(true, "world", "SignatureDoesNotMatch")]
    [InlineData(true, "x-amz-checksum-crc32:AAAAAA==", "SignatureDoesNotMatch")]
    public async Task Put_InSignedChunks_IsStoredOnlyWhereEachHasItsSignature(bool hasTrailer, string changed, string code)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        string payload = hasTrailer ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" : "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
        string Body(ChunkSigner signer)
        {
            string body = signer.Chunk("hello") + signer.Chunk("world") + signer.Chunk("");
            string sent = hasTrailer ? body + signer.Trailer("x-amz-checksum-crc32:AAAAAA==") : body + "\r\n";
            return changed.Length == 0 ? sent : sent.Replace(changed, $"W{changed[1..]}", StringComparison.Ordinal);
        }

        string found = await PutAsync(options, Body, payload, ("x-amz-decoded-content-length", "10"));

        Assert.Equal(code, found);
        Assert.Equal(code.Length == 0 ? 10 : null, await LengthAsync(options));
    }

    [Fact]
    public async Task Put_InChunksThatShouldBeSigned_AndAreNot_IsRefused()
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();

        string found = await PutAsync(options, "5\r\nhello\r\n0\r\n\r\n", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");

        Assert.Equal("SignatureDoesNotMatch", found);
        Assert.Null(await LengthAsync(options));
    }

    [Theory]
    [InlineData(0, 60, "")]
    [InlineData(0, 604_800, "")]
    [InlineData(0, 604_801, "AuthorizationQueryParametersError")]
    [InlineData(-120, 60, "AccessDenied")] // expired
    [InlineData(600, 60, "")] // Amazon's clocks and ours may differ by a quarter of an hour
    [InlineData(1_200, 60, "RequestTimeTooSkewed")]
    [InlineData(0, -1, "AccessDenied")]
    public async Task Put_AtAnAddress_IsTakenWhileItIsValidAlone(int ageSeconds, int expires, string code)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        Uri address = Presign(options, TimeProvider.System.GetUtcNow().AddSeconds(ageSeconds), expires);
        using HttpClient http = new();

        using HttpResponseMessage response = await http.PutAsync(address, new ByteArrayContent([1]), Token);
        string answer = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal(code, answer.Length == 0 ? "" : XElement.Parse(answer).Element("Code")!.Value);
        Assert.Equal(code.Length == 0 ? 1 : null, await LengthAsync(options));
    }

    [Fact]
    public async Task Put_WithAChunkHeaderWithoutEnd_IsRefused()
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();

        Assert.Equal("IncompleteBody", await PutAsync(options, "5" + new string(';', 100_000) + "\r\nhello\r\n0\r\n\r\n", Chunked));
    }

    [Theory, InlineData("hello", ""), InlineData("other", "XAmzContentSHA256Mismatch")]
    public async Task Put_WithAHash_IsStoredOnlyWhereItIsThatOfTheBody(string hashed, string code)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();

        string found = await PutAsync(options, "hello", HashOf(hashed));

        Assert.Equal(code, found);
        Assert.Equal(code.Length == 0 ? 5 : null, await LengthAsync(options));
    }

    [Theory, InlineData(1, "\"0123456789abcdef0123456789abcdef\""), InlineData(2, null), InlineData(1, "\"../../journal.jsonl\"")]
    public async Task Complete_NamingAPartThatWasNotSent_IsInvalidPart(int number, string? tag)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        using AmazonS3Client client = Connect(options);
        string id = (await client.InitiateMultipartUploadAsync(options.Bucket, "a", Token)).UploadId;
        UploadPartResponse part = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = options.Bucket,
                Key = "a",
                UploadId = id,
                PartNumber = 1,
                InputStream = new MemoryStream("hello"u8.ToArray()),
            },
            Token
        );
        Task<CompleteMultipartUploadResponse> CompleteAsync(int number, string tag) =>
            client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = options.Bucket,
                    Key = "a",
                    UploadId = id,
                    PartETags = [new(number, tag)],
                },
                Token
            );

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => CompleteAsync(number, tag ?? part.ETag));
        await CompleteAsync(1, part.ETag);

        Assert.Equal("InvalidPart", refused.ErrorCode);
        Assert.Equal(5, await LengthAsync(options));
    }

    /// <summary>The server once asked for the address of a connection that was gone, and ended.</summary>
    [Fact]
    public async Task Client_ThatHangsUp_EndsNoServer()
    {
        S3Server server = await servers.S3;
        S3StorageOptions options = await server.CreateBucketAsync();
        for (int i = 0; i < 20; i++)
        {
            using TcpClient client = new();
            await client.ConnectAsync(server.ServiceUrl.Host, server.ServiceUrl.Port, Token);
            client.LingerState = new LingerOption(true, 0);
            string request = $"GET /{options.Bucket}/a HTTP/1.1\r\nHost: {server.ServiceUrl.Authority}\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        }

        Assert.Equal("", await PutAsync(options, "hello", HashOf("hello")));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string HashOf(string text) => HandSignature.HashOf(text);

    private static AmazonS3Client Connect(S3StorageOptions options) =>
        new(new AmazonS3Config { ServiceURL = options.ServiceUrl!.AbsoluteUri, ForcePathStyle = true });

    private static async Task<long?> LengthAsync(S3StorageOptions options) =>
        (await new S3ObjectStore(options, TimeProvider.System).FindAsync("a", Token))?.Length;

    /// <summary>Puts "a", signed by hand so that the body need not be what the headers say. Returns the fault's code.</summary>
    private static Task<string> PutAsync(
        S3StorageOptions options,
        string body,
        string contentHash,
        params (string Name, string Value)[] headers
    ) => PutAsync(options, _ => body, contentHash, headers);

    /// <param name="body">Made once the headers are signed, on which its own signatures rest.</param>
    private static async Task<string> PutAsync(
        S3StorageOptions options,
        Func<ChunkSigner, string> body,
        string contentHash,
        params (string Name, string Value)[] headers
    )
    {
        Uri address = new(options.ServiceUrl!, $"{options.Bucket}/a");
        string date = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using HttpRequestMessage request = new(HttpMethod.Put, address);
        SortedDictionary<string, string> signed = new(StringComparer.Ordinal)
        {
            ["host"] = address.Authority,
            ["x-amz-content-sha256"] = contentHash,
            ["x-amz-date"] = date,
        };
        foreach ((string name, string value) in headers)
        {
            signed[name] = value;
        }
        foreach ((string name, string value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        string canonical = Canonical(address, "", signed, contentHash);
        string names = string.Join(';', signed.Keys);
        string signature = HandSignature.Of(date, canonical);
        string credential = $"S3RVER/{HandSignature.ScopeOf(date)}";
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
        );
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body(new ChunkSigner(date, signature))));
        using HttpClient http = new();
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        string answer = await response.Content.ReadAsStringAsync(Token);
        return answer.Length == 0 ? "" : XElement.Parse(answer).Element("Code")!.Value;
    }

    private static Uri Presign(S3StorageOptions options, DateTimeOffset from, int expires)
    {
        Uri address = new(options.ServiceUrl!, $"{options.Bucket}/a");
        string date = from.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string credential = Uri.EscapeDataString($"S3RVER/{HandSignature.ScopeOf(date)}");
        string query =
            $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={date}&X-Amz-Expires={expires}"
            + "&X-Amz-SignedHeaders=host";
        SortedDictionary<string, string> signed = new(StringComparer.Ordinal) { ["host"] = address.Authority };
        string signature = HandSignature.Of(date, Canonical(address, query, signed, "UNSIGNED-PAYLOAD"));
        return new Uri($"{address}?{query}&X-Amz-Signature={signature}");
    }

    private static string Canonical(Uri address, string query, SortedDictionary<string, string> signed, string payload)
    {
        string lines = string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"));
        return string.Join('\n', "PUT", address.AbsolutePath, query, lines, string.Join(';', signed.Keys), payload);
    }
}
