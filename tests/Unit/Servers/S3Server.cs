using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.S3;
using Serverless.Storage;

namespace Serverless.Unit.Servers;

/// <summary>The stack's S3 server on a free port, with a folder of its own.</summary>
public sealed partial class S3Server : IAsyncDisposable
{
    // The one account that the server knows.
    private const string AccessKey = "S3RVER";

    private readonly string _directory;
    private ServerProcess _process;

    private S3Server(ServerProcess process, string directory, Uri address)
    {
        _process = process;
        _directory = directory;
        ServiceUrl = address;
    }

    public Uri ServiceUrl { get; }

    /// <summary>The access log, as a file that grows.</summary>
    public string AccessLogPath => AccessLogIn(_directory);

    public static async Task<S3Server> StartAsync()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", AccessKey);
        Environment.SetEnvironmentVariable("AWS_REGION", "us-east-1");
        string directory = Directory.CreateTempSubdirectory("s3-").FullName;
        var (process, address) = await StartAsync(directory, port: 0);
        return new(process, directory, address);
    }

    /// <summary>A fresh bucket, and the options to reach it with.</summary>
    public async Task<S3StorageOptions> CreateBucketAsync()
    {
        string bucket = $"bucket-{Guid.NewGuid():N}";
        using AmazonS3Client client = new(new AmazonS3Config { ServiceURL = ServiceUrl.AbsoluteUri, ForcePathStyle = true });
        await client.PutBucketAsync(bucket);
        return new() { ServiceUrl = ServiceUrl, Bucket = bucket };
    }

    public string JournalPathOf(string bucket) => Path.Combine(_directory, "data", bucket, "journal.jsonl");

    /// <summary>No file that it writes may grow beyond so many bytes, as on a disk that is full; null takes the limit away.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        using Process limit = Process.Start(
            "prlimit",
            ["--pid", $"{_process.Id}", $"--fsize={bytes?.ToString() ?? "unlimited"}:unlimited"]
        );
        await limit.WaitForExitAsync();
        if (limit.ExitCode != 0)
        {
            throw new InvalidOperationException($"prlimit ended with {limit.ExitCode}.");
        }
    }

    public async Task KillAsync() => await _process.DisposeAsync();

    /// <summary>Starts it again after <see cref="KillAsync"/>, at the same address and with what it kept.</summary>
    public async Task RestartAsync() => (_process, _) = await StartAsync(_directory, ServiceUrl.Port);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<(ServerProcess Process, Uri Address)> StartAsync(string directory, int port)
    {
        StreamWriter log = new(new FileStream(AccessLogIn(directory), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            AutoFlush = true,
        };
        string[] arguments =
        [
            "local/Stack/s3.mjs",
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--directory",
            Path.Combine(directory, "data"),
        ];
        var (process, ready) = await ServerProcess.StartAsync(arguments, [Listening()], log.WriteLine);
        return (process, new(ready[0]));
    }

    private static string AccessLogIn(string directory) => Path.Combine(directory, "access.log");

    [GeneratedRegex(@"S3 server listening on (\S+)")]
    private static partial Regex Listening();
}
