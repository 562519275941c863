using System.Net;
using System.Text;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Serverless.Unit.Storage;
using Xunit;

namespace Serverless.Unit.Local.Stack;

/// <summary>What local/Stack/s3.mjs adds to the library that it runs.</summary>
public sealed class S3ScriptTests(SharedServers servers)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Put_BodyInSignedChunks_IsStoredWithoutThem(bool checksum)
    {
        var (client, bucket) = await ConnectAsync(checksum);
        string text = new('x', 200_000);

        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "chunked",
                ContentBody = text,
                UseChunkEncoding = true,
            },
            Token
        );

        using GetObjectResponse read = await client.GetObjectAsync(bucket, "chunked", Token);
        Assert.Equal(text, await new StreamReader(read.ResponseStream).ReadToEndAsync(Token));
        Assert.True(string.IsNullOrEmpty(read.Headers.ContentEncoding));
    }

    [Fact]
    public async Task Get_IfMatchAnotherVersion_Is412()
    {
        var (client, bucket) = await ConnectAsync(checksum: false);
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "a",
                ContentBody = "1",
            },
            Token
        );

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            client.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = bucket,
                    Key = "a",
                    EtagToMatch = "\"00\"",
                },
                Token
            )
        );

        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), (refused.StatusCode, refused.ErrorCode));
    }

    [Fact]
    public async Task Get_OverwrittenWhileRead_GoesOnWithTheBytesItBeganWith()
    {
        var (client, bucket) = await ConnectAsync(checksum: false);
        S3ObjectStore store = new(new() { ServiceUrl = (await servers.S3).ServiceUrl, Bucket = bucket }, TimeProvider.System);
        await store.WriteAsync("a", new PatternStream(20 << 20), WriteCondition.Always, "video/mp4", Token);
        using GetObjectResponse read = await client.GetObjectAsync(bucket, "a", Token);

        await store.WriteAsync("a", new MemoryStream(Encoding.UTF8.GetBytes("short")), WriteCondition.Always, "text/plain", Token);

        Assert.Equal(20 << 20, await PatternStream.VerifyAsync(read.ResponseStream, Token));
    }

    [Fact]
    public async Task Abort_Upload_LeavesNothingToComplete()
    {
        var (client, bucket) = await ConnectAsync(checksum: false);
        string id = (await client.InitiateMultipartUploadAsync(bucket, "a", Token)).UploadId;

        await client.AbortMultipartUploadAsync(bucket, "a", id, Token);

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = "a",
                    UploadId = id,
                    PartETags = [new(1, "\"00\"")],
                },
                Token
            )
        );
        Assert.Equal("NoSuchUpload", refused.ErrorCode);
    }

    /// <summary>Keys travel as XML there, where "007" looks like a number and "&amp;" is an entity.</summary>
    [Fact]
    public async Task Delete_OfSeveral_TakesKeysAsTheyAreWritten()
    {
        var (client, bucket) = await ConnectAsync(checksum: true);
        foreach (string key in new[] { "007", "7", "a&b <c>", "true", "__proto__" })
        {
            await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = key,
                    ContentBody = key,
                },
                Token
            );
        }

        DeleteObjectsResponse deleted = await client.DeleteObjectsAsync(
            new DeleteObjectsRequest
            {
                BucketName = bucket,
                Objects = [.. new[] { "007", "a&b <c>", "true", "__proto__" }.Select(key => new KeyVersion { Key = key })],
            },
            Token
        );

        Assert.Equal(["007", "a&b <c>", "true", "__proto__"], deleted.DeletedObjects.Select(each => each.Key));
        ListObjectsV2Response left = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Token);
        Assert.Equal(["7"], left.S3Objects.Select(each => each.Key));
    }

    /// <summary>The place of a next page was read up to the first line break of its key, and the same page came again.</summary>
    [Theory, InlineData("\n"), InlineData("\r"), InlineData("\u2028"), InlineData("\u2029")]
    public async Task List_PageThatEndsAtAKeyWithALineBreak_IsFollowedByTheNext(string lineBreak)
    {
        var (client, bucket) = await ConnectAsync(checksum: false);
        string[] keys = [.. new[] { "a", "b", "c" }.Select(part => $"x{lineBreak}{part}"), "z"];
        foreach (string key in keys)
        {
            await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = key,
                    ContentBody = "1",
                },
                Token
            );
        }
        ListObjectsV2Request next = new()
        {
            BucketName = bucket,
            Encoding = EncodingType.Url,
            MaxKeys = 1,
        };
        List<string> listed = [];

        for (int page = 0; page < keys.Length; page++)
        {
            ListObjectsV2Response found = await client.ListObjectsV2Async(next, Token);
            listed.AddRange(found.S3Objects.Select(each => WebUtility.UrlDecode(each.Key)));
            next.ContinuationToken = found.NextContinuationToken;
        }

        Assert.Equal(keys, listed);
        Assert.Null(next.ContinuationToken);
    }

    [Fact]
    public async Task List_FromAPlaceThatIsNone_IsRefused()
    {
        var (client, bucket) = await ConnectAsync(checksum: false);

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, ContinuationToken = "?" }, Token)
        );

        Assert.Equal("InvalidArgument", refused.ErrorCode);
    }

    [Fact]
    public async Task Restart_AfterKill_KeepsWhatWasConfirmed()
    {
        await using S3Server server = await S3Server.StartAsync();
        S3ObjectStore store = new(await server.CreateBucketAsync(), TimeProvider.System);
        await store.WriteAsync("kept", new MemoryStream(Encoding.UTF8.GetBytes("1")), WriteCondition.Always, "text/plain", Token);
        await store.WriteAsync("deleted", Stream.Null, WriteCondition.Always, "text/plain", Token);
        StoredObject kept = await store.WriteAsync(
            "kept",
            new MemoryStream(Encoding.UTF8.GetBytes("22")),
            WriteCondition.Always,
            "text/plain",
            Token
        );
        await store.DeleteAsync("deleted", Token);

        await server.KillAsync();
        await server.RestartAsync();

        StoredObject found = Assert.Single(await store.ListAsync("", Token).ToListAsync(Token));
        Assert.Equal((kept.Path, kept.Version, 2), (found.Path, found.Version, found.Length));
        Assert.Equal("22", (await store.ReadAsync("kept", 10, Token))!.Data.ToString());
    }

    [Fact]
    public async Task Write_OnAFullDisk_IsRefused_AndSpoilsNoOther()
    {
        await using S3Server server = await S3Server.StartAsync();
        S3StorageOptions options = await server.CreateBucketAsync();
        S3ObjectStore store = new(options, TimeProvider.System);
        await store.WriteAsync("before", Stream.Null, WriteCondition.Always, "text/plain", Token);

        await server.LimitFilesAsync(new FileInfo(server.JournalPathOf(options.Bucket!)).Length + 20);
        await Assert.ThrowsAnyAsync<Exception>(() => store.WriteAsync("during", Stream.Null, WriteCondition.Always, "text/plain", Token));
        await server.LimitFilesAsync(null);
        await store.WriteAsync("after", Stream.Null, WriteCondition.Always, "text/plain", Token);
        await server.KillAsync();
        await server.RestartAsync();

        Assert.Equal(["after", "before"], await store.ListAsync("", Token).Select(o => o.Path).Order().ToListAsync(Token));
    }

    [Theory]
    [InlineData("", "one,two")]
    [InlineData("{\"key\":\"torn\",\"fi", "one,two")]
    [InlineData("{\"key\":\"torn\",\"fi{\"key\":\"one\"}\n", "two")]
    public async Task Restart_AfterATornLine_KeepsAllOthers(string end, string kept)
    {
        await using S3Server server = await S3Server.StartAsync();
        S3StorageOptions options = await server.CreateBucketAsync();
        S3ObjectStore store = new(options, TimeProvider.System);
        await store.WriteAsync("one", Stream.Null, WriteCondition.Always, "text/plain", Token);
        await store.WriteAsync("two", Stream.Null, WriteCondition.Always, "text/plain", Token);

        await server.KillAsync();
        await File.AppendAllTextAsync(server.JournalPathOf(options.Bucket!), end, Token);
        await server.RestartAsync();

        Assert.Equal(kept.Split(','), await store.ListAsync("", Token).Select(o => o.Path).Order().ToListAsync(Token));
    }

    [Fact]
    public async Task Request_ThatIsNotSigned_OrByAPageOfElsewhere_Is403()
    {
        S3Server server = await servers.S3;
        S3StorageOptions options = await server.CreateBucketAsync();
        S3ObjectStore store = new(options, TimeProvider.System);
        using HttpClient http = new();
        Uri unsigned = new(server.ServiceUrl, $"{options.Bucket}/a"),
            signed =
                (
                    await store.CreateUploadAddressAsync("a", GivenMetadata.None, TimeProvider.System.GetUtcNow().AddMinutes(1), Token)
                ).Address;

        Assert.Equal((403, "AccessDenied"), await PutAsync(http, unsigned));
        Assert.Equal((403, "AccessDenied"), await PutAsync(http, unsigned, ("Origin", "http://elsewhere.example")));
        Assert.Equal((403, "AccessDenied"), await PutAsync(http, signed, ("Host", "rebound.example")));
        Assert.Equal((403, "AccessDenied"), await PutAsync(http, signed, ("x-amz-copy-source", $"/{options.Bucket}/other")));
        Assert.Equal(
            (403, "SignatureDoesNotMatch"),
            await PutAsync(http, new Uri(signed.AbsoluteUri.Replace("/a?", "/b?", StringComparison.Ordinal)))
        );
        Assert.Equal((200, ""), await PutAsync(http, signed));
    }

    [Fact]
    public async Task PresignedAddress_MayBeUsedByThePageThatWasGivenIt()
    {
        S3Server server = await servers.S3;
        S3ObjectStore store = new(await server.CreateBucketAsync(), TimeProvider.System);
        using HttpClient http = new();
        Uri signed = (
            await store.CreateUploadAddressAsync("a", GivenMetadata.None, TimeProvider.System.GetUtcNow().AddMinutes(1), Token)
        ).Address;
        using HttpRequestMessage preflight = new(HttpMethod.Options, signed);
        preflight.Headers.Add("Origin", "http://console.example");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "x-amz-meta-desk,x-amz-acl");

        using HttpResponseMessage allowed = await http.SendAsync(preflight, Token);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(["http://console.example"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["GET, PUT"], allowed.Headers.GetValues("Access-Control-Allow-Methods"));
        Assert.Equal(["Content-Type, x-amz-meta-desk"], allowed.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.Equal((200, ""), await PutAsync(http, signed, ("Origin", "http://console.example")));
    }

    [Fact]
    public async Task Request_SignedWithAnotherSecret_Is403()
    {
        S3Server server = await servers.S3;
        S3StorageOptions options = await server.CreateBucketAsync();
        using AmazonS3Client stranger = new(
            new BasicAWSCredentials("S3RVER", "guessed"),
            new AmazonS3Config { ServiceURL = server.ServiceUrl.AbsoluteUri, ForcePathStyle = true }
        );

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => stranger.ListObjectsAsync(options.Bucket, Token));

        Assert.Equal((HttpStatusCode.Forbidden, "SignatureDoesNotMatch"), (refused.StatusCode, refused.ErrorCode));
    }

    [Fact]
    public async Task Key_ThatClimbsOut_StaysInTheDataFolder()
    {
        await using S3Server server = await S3Server.StartAsync();
        S3ObjectStore store = new(await server.CreateBucketAsync(), TimeProvider.System);
        string outside = Path.GetFullPath(Path.Combine(server.AccessLogPath, "../../"));
        string[] before = Directory.GetFileSystemEntries(outside, "escape*");

        await store.WriteAsync("../../../../escape.txt", Stream.Null, WriteCondition.Always, "text/plain", Token);

        Assert.Equal(before, Directory.GetFileSystemEntries(outside, "escape*"));
        Assert.NotNull(await store.FindAsync("../../../../escape.txt", Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<(int Status, string Code)> PutAsync(HttpClient http, Uri address, params (string, string)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new StringContent("1") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        string body = await response.Content.ReadAsStringAsync(Token);
        return ((int)response.StatusCode, body.Length == 0 ? "" : XElement.Parse(body).Element("Code")!.Value);
    }

    /// <summary>The SDK with its own defaults, as a stranger would use it.</summary>
    private async Task<(AmazonS3Client Client, string Bucket)> ConnectAsync(bool checksum)
    {
        S3Server server = await servers.S3;
        S3StorageOptions options = await server.CreateBucketAsync();
        AmazonS3Client client = new(
            new AmazonS3Config
            {
                ServiceURL = server.ServiceUrl.AbsoluteUri,
                ForcePathStyle = true,
                RequestChecksumCalculation = checksum
                    ? RequestChecksumCalculation.WHEN_SUPPORTED
                    : RequestChecksumCalculation.WHEN_REQUIRED,
            }
        );
        return (client, options.Bucket!);
    }
}
